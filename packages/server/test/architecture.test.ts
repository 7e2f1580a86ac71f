import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'

const ROOT = resolve(import.meta.dirname, '..', '..', '..')
const SERVER = join(ROOT, 'packages/server/src')

/** Room -> what it may import, of ours and of the outside. `*` stands for any package. */
const ROOMS: Readonly<Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }>> = {
  domain: { ours: [], packages: ['@behalf/contract'] },
  ports: { ours: ['domain'], packages: ['@behalf/contract'] },
  flows: { ours: ['domain', 'ports'], packages: ['@behalf/contract'] },
  vault: { ours: ['domain', 'ports'], packages: ['*'] },
  oauth: { ours: ['domain', 'ports'], packages: ['*'] },
  store: { ours: ['domain', 'ports'], packages: ['*'] },
  outbound: { ours: ['domain', 'ports'], packages: ['*'] },
  platform: { ours: ['domain', 'ports'], packages: ['*'] },
  catalogue: { ours: ['domain'], packages: ['@behalf/contract', 'node:'] },
  http: { ours: ['domain', 'flows'], packages: ['*'] },
  jobs: { ours: ['domain', 'flows'], packages: ['*'] },
  config: { ours: ['domain'], packages: ['node:', 'zod'] },
}
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  server: ['@behalf/contract'],
  cli: ['@behalf/server/main', '@behalf/server/config'],
  playground: [],
  sdk: [],
  studio: ['@behalf/sdk', '@behalf/sdk/schemas'],
}
/** Words that name no thing. */
const BAGS = /(^|\/)(shared|common|utils?|helpers?|lib|misc)(\/|\.ts$)/

/** Names of providers that HTTP and pages have their own use for. */
const ORDINARY_WORDS = new Set(['close', 'line'])

type Import = { readonly from: string; readonly to: string }
const sources = (folder: string): string[] =>
  globSync('**/*.{ts,tsx}', { cwd: folder })
    .filter(file => !file.endsWith('.test.ts'))
    .map(file => join(folder, file))
const IMPORT = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]/gm

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const dynamic = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)]
  return [...text.matchAll(IMPORT), ...dynamic].map(([, to = '']) => ({ from: file, to }))
}
const roomOf = (file: string): string => relative(SERVER, file).split('/')[0] ?? ''
const inside = ({ from, to }: Import): string => resolve(dirname(from), to)
const files = sources(SERVER)
const imports = files.flatMap(importsOf)
const named = ({ from, to }: Import): string => `${relative(ROOT, from)} -> ${to}`

describe('the architecture', () => {
  it('has only rooms that the table knows, and main.ts', () => {
    const rooms = new Set(files.map(roomOf))
    rooms.delete('main.ts')
    assert.deepEqual([...rooms].sort(), Object.keys(ROOMS).sort())
  })

  it('lets every room import only what the table allows it', () => {
    const wrong = imports.filter(({ from, to }) => {
      const room = roomOf(from)
      const rules = ROOMS[room]
      if (rules === undefined) return false
      if (to.startsWith('.')) {
        const target = roomOf(inside({ from, to }))
        return target !== room && !rules.ours.includes(target)
      }
      return !rules.packages.some(
        allowed => allowed === '*' || to === allowed || (allowed.endsWith(':') && to.startsWith(allowed)),
      )
    })
    assert.deepEqual(wrong.map(named), [])
  })

  it('lets http and jobs see ports only through what flows hand them', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        ['http', 'jobs'].includes(roomOf(from)) && to.startsWith('.') && roomOf(inside({ from, to })) === 'ports',
    )
    assert.deepEqual(wrong.map(named), [])
  })

  it('has no cycle between files', () => {
    const edges = new Map<string, string[]>()
    for (const file of files) {
      const text = readFileSync(file, 'utf8').replace(/^\s*(?:import|export) type [^;]*?from\s*['"][^'"]+['"]/gm, '')
      const targets = [...text.matchAll(IMPORT)].map(([, to = '']) => to).filter(to => to.startsWith('.'))
      edges.set(
        file,
        targets.map(to => inside({ from: file, to })),
      )
    }
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'open')
        cycles.push([...path.slice(path.indexOf(file)), file].map(each => relative(ROOT, each)).join(' -> '))
      if (state.has(file)) return
      state.set(file, 'open')
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      state.set(file, 'done')
    }
    for (const file of files) visit(file, [])
    assert.deepEqual(cycles, [])
  })

  it('knows no provider outside catalogue/, by name or by host', () => {
    const folder = join(SERVER, 'catalogue/providers')
    const presets = globSync('*.json', { cwd: folder })
    const names = new Set(presets.map(file => file.replace('.json', '')).filter(name => !ORDINARY_WORDS.has(name)))
    const told = presets.map(file => readFileSync(join(folder, file), 'utf8')).join()
    const hosts = new Set([...told.matchAll(/https:\/\/([a-z0-9.-]+\.[a-z]{2,})/g)].map(([, host = '']) => host))
    assert.ok(names.size > 200 && hosts.size > 200)
    const outside = files.filter(file => roomOf(file) !== 'catalogue')
    const wrong = [...outside, ...sources(join(ROOT, 'packages/cli/src'))].flatMap(file => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      const texts = [...code.matchAll(/(['"`])([A-Za-z0-9-]+)\1/g)].map(([, , text = '']) => text.toLowerCase())
      const found = [...texts.filter(text => names.has(text)), ...[...hosts].filter(host => code.includes(host))]
      return found.map(what => `${relative(ROOT, file)}: ${what}`)
    })
    assert.deepEqual(wrong, [])
  })

  it('keeps the domain free of input, output, time and chance', () => {
    const wrong = sources(join(SERVER, 'domain')).filter(file =>
      /\bDate\.now\(|\bMath\.random\(|\basync\s|\bawait\s|\bprocess\.|\bfetch\(|\bsetTimeout\(/.test(
        readFileSync(file, 'utf8'),
      ),
    )
    assert.deepEqual(
      wrong.map(file => relative(ROOT, file)),
      [],
    )
  })

  it('reads the environment in config alone', () => {
    const wrong = files.filter(file => roomOf(file) !== 'config' && /\bprocess\.env\b/.test(readFileSync(file, 'utf8')))
    assert.deepEqual(
      wrong.map(file => relative(ROOT, file)),
      [],
    )
  })

  it('writes SQL and uses Kysely in the store alone', () => {
    const wrong = imports.filter(
      ({ from, to }) => (to === 'kysely' || to === 'node:sqlite') && roomOf(from) !== 'store',
    )
    assert.deepEqual(wrong.map(named), [])
  })

  it('reveals secrets only where they are sealed, sent or shown once', () => {
    const places = [
      'vault/',
      'oauth/',
      'config/',
      'outbound/pools.ts',
      'flows/connect/park-grant.ts',
      'flows/gateway/aim-call.ts',
      'flows/log/observe-call.ts',
      'flows/webhook/webhook-secret.ts',
      'http/routes/webhook-handlers.ts',
      'flows/login/complete-sign-in.ts',
      'flows/request/keep-answer.ts',
      'flows/token/send-refresh.ts',
      'http/token-exchange.ts',
      'http/routes/rest-handlers.ts',
      'domain/secret.ts',
      'domain/secret-record.ts',
    ]
    const revealing = files
      .filter(file => /\breveal\(/.test(readFileSync(file, 'utf8')))
      .map(file => relative(SERVER, file))
    assert.deepEqual(
      revealing.filter(file => !places.some(place => file.startsWith(place))),
      [],
    )
  })

  it('makes call log entries in the redactor alone', () => {
    const wrong = files.filter(file => /\bas (?:unknown as )?RedactedEntry\b/.test(readFileSync(file, 'utf8')))
    assert.deepEqual(
      wrong.map(file => relative(ROOT, file)),
      [],
    )
  })

  it('lets packages import each other one way', () => {
    const wrong = Object.entries(PACKAGES).flatMap(([name, allowed]) =>
      sources(join(ROOT, 'packages', name, 'src'))
        .flatMap(importsOf)
        .filter(({ to }) => (to.startsWith('@behalf/') || to === 'behalf') && !allowed.includes(to)),
    )
    assert.deepEqual(wrong.map(named), [])
  })

  it('numbers migrations one after another, each number once', () => {
    const numbers = globSync('src/store/migrations/*.sql', { cwd: join(ROOT, 'packages/server') })
      .map(file => Number(/(\d{4})_\w+\.sql$/.exec(file)?.[1]))
      .sort((a, b) => a - b)
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    )
  })

  it('keeps files to one thing: at most 300 lines, and no bags without a name', () => {
    const all = Object.keys(PACKAGES).flatMap(name => sources(join(ROOT, 'packages', name, 'src')))
    assert.deepEqual(
      all
        .filter(file => !file.includes('/generated/') && readFileSync(file, 'utf8').split('\n').length > 301)
        .map(file => relative(ROOT, file)),
      [],
    )
    assert.deepEqual(
      all.map(file => relative(ROOT, file)).filter(file => BAGS.test(file)),
      [],
    )
  })
})
