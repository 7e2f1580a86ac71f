import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { provideChromium } from './support/chromium.ts'
import { startPostgres } from './support/postgres.ts'
import { buildStudio } from './support/studio.ts'

const patterns = ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts']
/** What takes longest begins first, so that nothing long is left alone at the end; a name that is not here any more does no harm. */
const LONGEST_FIRST = [
  'test/e2e/studio-',
  'test/e2e/',
  'server/test/ports/',
  'server/test/faults/',
  'server/test/journeys/',
  'test/',
]
const TEST_TIMEOUT_MS = 120_000

// What cannot be provided fails here, with the reason, before any test runs.
process.env['CHROMIUM'] = provideChromium()
const wanted = process.argv.slice(2)
const rank = (file: string): number => {
  const at = LONGEST_FIRST.findIndex(part => file.includes(part))
  return at === -1 ? LONGEST_FIRST.length : at
}
const files = globSync(wanted.length > 0 ? wanted : patterns)
  .sort()
  .sort((a, b) => rank(a) - rank(b))
if (files.length === 0) {
  process.stderr.write('no test file was found\n')
  process.exit(1)
}
buildStudio()
// One server for all; each test file makes databases of its own on it.
const server = process.env['TEST_DATABASE_URL'] === undefined ? await startPostgres() : undefined
if (server !== undefined) Object.assign(process.env, { TEST_DATABASE_URL: server.url, TEST_SERVER: 'ours' })
const events = run({
  files: files.map(file => resolve(file)),
  concurrency: 3,
  // A baseline compiler on a thread of its own can wait for a collection that a process which ends never makes: it would not end.
  execArgv: [`--test-timeout=${TEST_TIMEOUT_MS}`, '--test-force-exit', '--no-concurrent-sparkplug'],
})
let failed = 0
events.on('test:fail', () => {
  failed += 1
})
for await (const line of events.compose(new spec())) process.stdout.write(line as string)
await server?.[Symbol.asyncDispose]()
process.exit(failed > 0 ? 1 : 0)
