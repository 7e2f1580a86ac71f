import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { provideChromium } from './support/chromium.ts'
import { startPostgres } from './support/postgres.ts'

// Runs every test that bears a case id, and says of each what it was given, how it ended and how long it took.
const ROOT = join(import.meta.dirname, '..')
const ID = /\b(?:R[RPFDO]-\d\d|[A-L]-\d\d)\b/g
const LONG_MS = 6 * 3_600_000
const SHORT_MS = 300_000

type Case = { readonly id: string; readonly outcome: 'passed' | 'failed' | 'skipped' }
type Told = { readonly name: string; readonly nesting: number; readonly file?: string; readonly message?: string }

const option = (name: string): string | undefined =>
  process.argv.find(given => given.startsWith(`--${name}=`))?.slice(name.length + 3)
const isLong = process.argv.includes('--long')
const only = option('only')

if (isLong) process.env['FAULT_LONG'] = '1'
for (const [flag, variable] of [
  ['seed', 'FAULT_SEED'],
  ['rounds', 'FAULT_ROUNDS'],
] as const) {
  const given = option(flag)
  if (given !== undefined) process.env[variable] = given
}
process.env['CHROMIUM'] = provideChromium()
const server = process.env['TEST_DATABASE_URL'] === undefined ? await startPostgres() : undefined
if (server !== undefined) Object.assign(process.env, { TEST_DATABASE_URL: server.url, TEST_SERVER: 'ours' })

const files = globSync('packages/*/{src,test}/**/*.test.ts', { cwd: ROOT })
  .map(file => join(ROOT, file))
  .filter(file => (readFileSync(file, 'utf8').match(ID) ?? []).some(id => wanted(id)))
  .sort()
const cases = await collect(files)
await server?.[Symbol.asyncDispose]()

const missing = listed().filter(id => wanted(id) && !cases.some(known => known.id === id))
for (const id of missing) process.stdout.write(`${id}  MISSING: docs/faults.md names it, and no test bears it\n`)
const failed = cases.filter(({ outcome }) => outcome !== 'passed')
process.stdout.write(
  `${new Set(cases.map(({ id }) => id)).size} cases in ${cases.length} tests, ${failed.length} not passed, ${missing.length} missing, ${isLong ? 'long' : 'short'} form\n`,
)
process.exit(failed.length + missing.length > 0 ? 1 : 0)

function wanted(id: string): boolean {
  return only === undefined || only.split(',').some(part => id.startsWith(part))
}

function listed(): readonly string[] {
  const page = readFileSync(join(ROOT, 'docs', 'faults.md'), 'utf8')
  return [...page.matchAll(/^\| (R[RPFDO]-\d\d) /gm)].map(([, id = '']) => id)
}

async function collect(from: readonly string[]): Promise<readonly Case[]> {
  const found: Case[] = []
  // Of each file: the titles above the test that runs, and whether the last one that ended bears a case, for what it said.
  const above = new Map<string, string[]>()
  const bears = new Set<string>()
  const events = run({
    files: [...from],
    concurrency: 2,
    forceExit: true,
    timeout: isLong ? LONG_MS : SHORT_MS,
  })
  const ended = (
    told: Told & { details: { duration_ms: number; type?: string }; skip?: unknown },
    outcome: Case['outcome'],
  ) => {
    const key = told.file ?? ''
    const titles = above.get(key)?.slice(0, told.nesting) ?? []
    const isSuite = told.details.type === 'suite'
    const own = told.name.match(ID) ?? []
    const ids = own.length > 0 ? own : (titles.join(' ').match(ID) ?? [])
    if (isSuite && outcome === 'passed') return
    const made = [...new Set(ids)].filter(wanted)
    const title = [...titles, told.name].filter(part => part !== '').join(' > ')
    const result = told.skip === undefined ? outcome : 'skipped'
    for (const id of made) {
      found.push({ id, outcome: result })
      process.stdout.write(`${id}  ${result}  ${(told.details.duration_ms / 1000).toFixed(2)} s  ${title}\n`)
    }
    if (made.length > 0) bears.add(key)
    else bears.delete(key)
  }
  events.on('test:start', (told: Told) => {
    const titles = above.get(told.file ?? '') ?? []
    titles.length = told.nesting
    titles[told.nesting] = told.name
    above.set(told.file ?? '', titles)
  })
  events.on('test:pass', told => ended(told, 'passed'))
  events.on('test:fail', told => {
    ended(told, 'failed')
    process.stderr.write(`${told.name}: ${String(told.details.error.cause ?? told.details.error)}\n`)
  })
  events.on('test:diagnostic', (told: Told) => {
    if (bears.has(told.file ?? '')) process.stdout.write(`         ${told.message ?? ''}\n`)
  })
  for await (const _ of events);
  return found
}
