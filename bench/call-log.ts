import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LaunchId } from '@behalf/contract'
import { freePorts } from '../test/support/ports.ts'
import { type Asked, createWrk } from './load.ts'
import { CORES, provided, startNginx } from './programs.ts'
import { startKeys, startWorld } from './world.ts'

/** People of each launch: as many as a looser policy may reach. */
const PEOPLE = 10
const CONNECTIONS = 64
const quick = process.argv.includes('--quick')
const only = process.argv.find(part => part.startsWith('--only='))?.slice('--only='.length)
const [rounds, seconds, warmSeconds] = quick ? [5, 2, 4] : [9, 2, 8]
/** More than the time that entries wait to be written. */
const SETTLED_MS = 400
const POLICIES = (['strict', 'standard', 'permissive'] as const).filter(each => only === undefined || only === each)
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

type Cost = { readonly all: number; readonly main: number; readonly writer: number; readonly perSecond: number }

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
    program: [join(import.meta.dirname, 'logged-broker.ts')],
  }),
)
const say = (text: string) => void process.stdout.write(`${text}\n`)
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const subjects = Array.from({ length: PEOPLE }, (_, at) => `person-${at}`)
const proofs = await Promise.all(subjects.map(sub => keys.sign(sub)))
const calls = new Map<(typeof POLICIES)[number], readonly Asked[]>()
for (const policy of POLICIES) calls.set(policy, await callsUnder(policy))

let isWritten = true
const costs = new Map<string, Cost[]>()
say(`A gateway call of 1 KB of JSON, ${rounds} rounds of ${seconds} s with the log and without in turn, medians`)
say('  policy      log      CPU a call   main thread      writer    calls/s')
for (const policy of POLICIES) {
  // V8 goes on compiling for seconds.
  await loaded(policy, warmSeconds)
  for (let round = 0; round < rounds; round += 1)
    for (const written of round % 2 === 0 ? [true, false] : [false, true]) await measured(policy, written)
  for (const written of [false, true]) sayRow(policy, written)
}
const baseline = of('strict', false, 'all')
for (const policy of POLICIES) {
  const part = (what: 'all' | 'main') => {
    const [on, off] = [of(policy, true, what), of(policy, false, what)]
    return `${(on - off).toFixed(1)} µs, ${((on / off - 1) * 100).toFixed(1)} %`
  }
  const before =
    policy === 'strict' ? '' : `; looking and redacting ${(of(policy, false, 'all') - baseline).toFixed(1)} µs`
  say(`  ${policy}: writing costs ${part('all')} of the process; ${part('main')} of the main thread${before}`)
}

function of(policy: string, written: boolean, what: keyof Cost): number {
  return middle((costs.get(`${policy} ${written}`) ?? []).map(cost => cost[what]))
}

function sayRow(policy: string, written: boolean): void {
  const times = (['all', 'main', 'writer'] as const).map(what =>
    `${of(policy, written, what).toFixed(1)} µs`.padStart(12),
  )
  const rate = Math.round(of(policy, written, 'perSecond'))
    .toLocaleString('en')
    .padStart(9)
  say(`  ${policy.padEnd(11)} ${written ? 'written' : 'nothing'}  ${times.join('')}  ${rate}`)
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

async function measured(policy: (typeof POLICIES)[number], written: boolean): Promise<void> {
  if (written !== isWritten) process.kill(world.pid, 'SIGUSR2')
  isWritten = written
  await new Promise(resolve => setTimeout(resolve, SETTLED_MS))
  const before = threads(world.pid)
  const { calls: count, perSecond } = await loaded(policy, seconds)
  // What still waits to be written is written, and counted, too.
  await new Promise(resolve => setTimeout(resolve, SETTLED_MS))
  const after = threads(world.pid)
  const spent = (of: (name: string, id: number) => boolean) =>
    [...after].reduce(
      (sum, [id, { name, micros }]) => sum + (of(name, id) ? micros - (before.get(id)?.micros ?? 0) : 0),
      0,
    ) / count
  const cost = {
    all: spent(() => true),
    main: spent((_, id) => id === world.pid),
    writer: spent(name => name === 'store-writer'),
    perSecond,
  }
  const key = `${policy} ${written}`
  costs.set(key, [...(costs.get(key) ?? []), cost])
}

async function loaded(policy: (typeof POLICIES)[number], forSeconds: number) {
  const options = { seconds: forSeconds, connections: CONNECTIONS }
  const done = await load(`http://127.0.0.1:${port}`, calls.get(policy) ?? [], options)
  if (done.failed > 0) throw new Error(`${done.failed} calls failed`)
  return done
}

/** Time that each thread of a process has run, in microseconds (Linux's schedstat). */
function threads(pid: number): ReadonlyMap<number, { readonly name: string; readonly micros: number }> {
  const at = (id: string, file: string) => readFileSync(`/proc/${pid}/task/${id}/${file}`, 'utf8').trim()
  return new Map(
    readdirSync(`/proc/${pid}/task`).map(id => [
      Number(id),
      { name: at(id, 'comm'), micros: Number(at(id, 'schedstat').split(' ')[0]) / 1_000 },
    ]),
  )
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
