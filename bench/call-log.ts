import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { LaunchId } from '@behalf/contract'
import { freePorts } from '../test/support/ports.ts'
import { type Asked, createWrk } from './load.ts'
import type { Stretch } from './logged-broker.ts'
import { CORES, provided, startNginx } from './programs.ts'
import { startKeys, startWorld } from './world.ts'

/** People of each launch: as many as a looser policy may reach. */
const PEOPLE = 10
const CONNECTIONS = 64
const quick = process.argv.includes('--quick')
const only = process.argv.find(part => part.startsWith('--only='))?.slice('--only='.length)
const [pairs, warmSeconds] = quick ? [40, 6] : [160, 12]
/** More than each pair takes, for the load to outlast them. */
const pairSeconds = (policy: (typeof POLICIES)[number]) => (policy === 'strict' ? 0.6 : 1)
const POLICIES = (['strict', 'standard', 'permissive'] as const).filter(each => only === undefined || only === each)
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

const folder = mkdtempSync(join(tmpdir(), 'behalf-bench-'))
const [wrk, nginx] = [provided('wrk'), provided('nginx', 'nginx-light')]
if (wrk === undefined || nginx === undefined)
  throw new Error('The bench needs wrk and nginx (apt-get install wrk nginx-light).')
const load = createWrk(wrk, folder)
await using resources = new AsyncDisposableStack()
resources.defer(() => rmSync(folder, { recursive: true, force: true }))
const [port = 0, providerPort = 0] = await freePorts(2)
mkdirSync(join(folder, 'files'))
writeFileSync(join(folder, 'files', 'contacts'), contacts(1_024))
resources.use(
  await startNginx(
    nginx,
    CORES.others,
    folder,
    'provider',
    `server { listen 127.0.0.1:${providerPort}; default_type application/json; root ${folder}/files; }`,
  ),
)
const measuredFile = join(folder, 'measured.json')
const keys = resources.use(await startKeys('RS256'))
const url = `http://localhost:${port}`
const world = resources.use(
  await startWorld({
    env: {
      BEHALF_LISTEN: `127.0.0.1:${port}`,
      BEHALF_METRICS_LISTEN: 'off',
      BEHALF_DATA: join(folder, 'data'),
      BEHALF_ROOT_KEY: randomBytes(32).toString('base64'),
      BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32',
    },
    url,
    providerUrl: `http://127.0.0.1:${providerPort}`,
    issuer: keys.issuer,
    program: [join(import.meta.dirname, 'logged-broker.ts'), measuredFile, String(pairs)],
  }),
)
const say = (text: string) => void process.stdout.write(`${text}\n`)
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const subjects = Array.from({ length: PEOPLE }, (_, at) => `person-${at}`)
const proofs = await Promise.all(subjects.map(sub => keys.sign(sub)))
const calls = new Map<(typeof POLICIES)[number], readonly Asked[]>()
for (const policy of POLICIES) calls.set(policy, await callsUnder(policy))

say(`A gateway call of 1 KB of JSON under one load, ${pairs} pairs of 250 ms with the log and without in turn, medians`)
say('  policy      log      CPU a call   main thread      writer')
let unlogged = 0
for (const policy of POLICIES) {
  const stretches = await measured(policy)
  for (const written of [false, true]) sayRow(policy, stretches, written)
  const nothing = middle(of(stretches, false, 'all'))
  if (policy === 'strict') unlogged = nothing
  const before = policy === 'strict' ? '' : `; looking and redacting ${(nothing - unlogged).toFixed(1)} µs`
  say(
    `  ${policy}: writing costs ${cost(stretches, 'all')} of the process; ${cost(stretches, 'main')} of the main thread${before}`,
  )
}

/** What writing costs: the median of the differences within the pairs, with the quarters round it. */
function cost(stretches: readonly Stretch[], what: 'all' | 'main'): string {
  const [on, off] = [of(stretches, true, what), of(stretches, false, what)]
  const differences = on.map((value, at) => value - (off[at] ?? 0)).toSorted((a, b) => a - b)
  const quarter = Math.floor(differences.length / 4)
  const [least = 0, most = 0] = [differences[quarter], differences.at(-1 - quarter)]
  const percent = ((middle(differences) / middle(off)) * 100).toFixed(1)
  return `${middle(differences).toFixed(1)} µs, ${percent} % (half the pairs ${least.toFixed(1)} to ${most.toFixed(1)} µs)`
}

function of(stretches: readonly Stretch[], written: boolean, what: 'all' | 'main' | 'writer'): readonly number[] {
  return stretches.filter(({ isWritten }) => isWritten === written).map(each => each[what])
}

function sayRow(policy: string, stretches: readonly Stretch[], written: boolean): void {
  const times = (['all', 'main', 'writer'] as const).map(what =>
    `${middle(of(stretches, written, what)).toFixed(1)} µs`.padStart(12),
  )
  say(`  ${policy.padEnd(11)} ${written ? 'written' : 'nothing'}  ${times.join('')}`)
}

/** A plugin that is live for the first people under the policy, and a call for each of them. */
async function callsUnder(policy: (typeof POLICIES)[number]): Promise<readonly Asked[]> {
  const name = `log-${policy}`
  await world.call('/plugins', {
    name,
    connectors: [{ connector: 'api', scope: ['read'] }],
    subject_token_audiences: ['bench'],
  })
  await world.call(`/plugins/${name}/versions`, {})
  const people = subjects.map(sub => `${sub}@bench.example`)
  const launch = await world.call(`/plugins/${name}/launches`, {
    launch_audience: { kind: 'people', people },
    redaction: policy,
    reason: 'measured',
  })
  if (policy === 'permissive') await world.agree(launch['id'] as LaunchId, PEOPLE)
  const key = String((await world.call(`/plugins/${name}/keys`, { label: 'bench' }))['key'])
  const asked = await Promise.all(proofs.map(proof => callOf(key, proof)))
  const first = asked[0] as Asked
  const answer = await fetch(`http://127.0.0.1:${port}${first.path}`, { headers: first.headers })
  await answer.bytes()
  const { items } = await world.call(`/call-logs?plugin=${name}`)
  const [entry] = items as readonly { readonly redaction: string }[]
  if (entry?.redaction !== policy) throw new Error(`a call under ${policy} was written as ${entry?.redaction}`)
  return asked
}

async function callOf(key: string, proof: string): Promise<Asked> {
  const form = {
    grant_type: GRANT,
    resource: `${url}/gateway/api`,
    subject_token: proof,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  }
  const authorization = `Bearer ${key}`
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(form),
  })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no token: ${answer.status}`)
  const headers = { authorization, host: new URL(url).host, 'behalf-subject-token': token }
  return { method: 'GET', path: '/gateway/api/contacts', headers }
}

async function measured(policy: (typeof POLICIES)[number]): Promise<readonly Stretch[]> {
  // V8 goes on compiling for seconds.
  await loaded(policy, warmSeconds)
  const load = loaded(policy, Math.ceil(pairs * pairSeconds(policy)) + 2)
  await wait(500)
  process.kill(world.pid, 'SIGUSR2')
  await load
  if (!existsSync(measuredFile)) throw new Error('the load ended before what was measured under it')
  const stretches = JSON.parse(readFileSync(measuredFile, 'utf8')) as readonly Stretch[]
  rmSync(measuredFile)
  return stretches
}

async function loaded(policy: (typeof POLICIES)[number], seconds: number): Promise<void> {
  const options = { seconds, connections: CONNECTIONS }
  const done = await load(`http://127.0.0.1:${port}`, calls.get(policy) ?? [], options)
  if (done.failed > 0) throw new Error(`${done.failed} calls failed`)
}

/** Contacts as JSON, of about so many bytes. */
function contacts(bytes: number): string {
  const all: unknown[] = []
  while (JSON.stringify(all).length < bytes)
    all.push({
      id: all.length,
      name: `Person ${all.length}`,
      email: `p${all.length}@example.com`,
      company: 'Northwind',
      active: true,
    })
  return JSON.stringify(all)
}
