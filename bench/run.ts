import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../test/support/ports.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { type Asked, createWrk, type Load } from './load.ts'
import { CORES, cpuMicros, provided, residentMb, startNginx } from './programs.ts'
import { startKeys, startWorld, type World } from './world.ts'

const quick = process.argv.includes('--quick')
const json = process.argv.includes('--json')
const only = process.argv.find(part => part.startsWith('--only='))?.slice('--only='.length)
const seconds = quick ? 3 : 8
/** A node serves for days: what is measured is code that V8 has compiled, which takes it some ten thousand calls. */
const WARM_S = 6
const CONNECTIONS = 64
const MOST = quick ? 100_000 : 1_000_000
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

type Report = {
  readonly gateway_1k_ratio: number
  readonly gateway_1k_cpu_us: number
  readonly gateway_256k_ratio: number
  readonly token_per_s: number
  readonly release_per_s: number
  readonly redirect_per_s: number
  readonly rss_mb: number
  readonly ready_ms: number
  readonly growth_p99: number
}

const folder = mkdtempSync(join(tmpdir(), 'behalf-bench-'))
const [wrk, nginx] = [provided('wrk'), provided('nginx', 'nginx-light')]
if (wrk === undefined) throw new Error('The bench needs wrk (apt-get install wrk), and it could not be installed.')
if (nginx === undefined)
  throw new Error('The bench needs nginx (apt-get install nginx-light), and it could not be installed.')
const load = createWrk(wrk, folder)

await using resources = new AsyncDisposableStack()
resources.defer(() => rmSync(folder, { recursive: true, force: true }))
const [providerPort = 0, proxyPort = 0] = await freePorts(2)
const files = join(folder, 'files')
mkdirSync(files)
writeFileSync(join(files, '1k'), Buffer.alloc(1_024, 'behalf '))
writeFileSync(join(files, '256k'), Buffer.alloc(262_144, 'behalf '))
resources.use(
  await startNginx(
    nginx,
    CORES.others,
    folder,
    'provider',
    `server { listen 127.0.0.1:${providerPort}; root ${files}; }`,
  ),
)
resources.use(
  await startNginx(
    nginx,
    CORES.measured,
    folder,
    'proxy',
    `upstream provider { server 127.0.0.1:${providerPort}; keepalive 128; }
     server { listen 127.0.0.1:${proxyPort}; location / { proxy_pass http://provider; proxy_http_version 1.1;
       proxy_set_header Connection ""; proxy_set_header Authorization "Bearer fixed"; } }`,
  ),
)
const keys = resources.use(await startKeys('RS256'))

const reports: Report[] = []
const say = (text: string) => void process.stderr.write(`${text}\n`)
const line = (name: string, { perSecond, p50Ms, p99Ms, failed }: Load, more = '') =>
  say(
    `  ${name.padEnd(42)} ${Math.round(perSecond).toLocaleString('en').padStart(9)}/s   p50 ${p50Ms.toFixed(2)} ms   p99 ${p99Ms.toFixed(2)} ms${more}${failed > 0 ? `   ${failed} FAILED` : ''}`,
  )

const places = [
  { name: 'SQLite', url: async () => undefined },
  {
    name: 'PostgreSQL',
    url: async () =>
      resources.use(await startPostgres(['shared_buffers=256MB', 'fsync=on', 'synchronous_commit=on'])).url,
  },
].filter(({ name }) => only === undefined || name.toLowerCase() === only.toLowerCase())

for (const { name, url } of places) {
  const [port, metrics] = await freePorts(2)
  const databaseUrl = await url()
  const env = {
    BEHALF_LISTEN: `127.0.0.1:${port}`,
    BEHALF_METRICS_LISTEN: `127.0.0.1:${metrics}`,
    BEHALF_DATA: join(folder, name),
    BEHALF_ROOT_KEY: randomBytes(32).toString('base64'),
    BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  say(`\n${name}`)
  await using world = await startWorld({
    env,
    url: `http://localhost:${port}`,
    providerUrl: `http://127.0.0.1:${providerPort}`,
    issuer: keys.issuer,
  })
  reports.push(await measure(world, `http://127.0.0.1:${port}`, `http://localhost:${port}`))
  if (databaseUrl !== undefined) await measureTwo(world, env, `http://localhost:${port}`)
}
if (json) process.stdout.write(`${JSON.stringify(reports[0])}\n`)

/** Two brokers over one database, each on a core of its own, and a third core for everybody else. */
async function measureTwo(world: World, env: Readonly<Record<string, string>>, publicUrl: string): Promise<void> {
  if (availableParallelism() < 3)
    return say(`  two processes on two cores: not measured, this machine has ${availableParallelism()} cores`)
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  await using _ = await world.another(
    {
      ...env,
      BEHALF_LISTEN: `127.0.0.1:${port}`,
      BEHALF_METRICS_LISTEN: 'off',
      BEHALF_DATA: `${env['BEHALF_DATA']}-2`,
    },
    CORES.second,
  )
  const asked = await exchangesOf(world, publicUrl, 1_000, 'jwt')
  const rate = async (urls: readonly string[]) => {
    const loads = await Promise.all(urls.map(each => load(each, asked, { seconds, connections: CONNECTIONS })))
    return loads.reduce((sum, { perSecond }) => sum + perSecond, 0)
  }
  const own = `http://${env['BEHALF_LISTEN']}`
  await rate([own, url])
  const [one, two] = [await rate([own]), await rate([own, url])]
  say(`  two processes on two cores: ${Math.round(two).toLocaleString('en')}/s, ${(two / one).toFixed(2)} × one`)
}

async function exchangesOf(
  world: World,
  publicUrl: string,
  count: number,
  wants: 'jwt' | 'access_token',
): Promise<Asked[]> {
  const headers = {
    authorization: `Bearer ${world.pluginKey}`,
    host: new URL(publicUrl).host,
    'content-type': 'application/x-www-form-urlencoded',
  }
  return Promise.all(
    world.subjects(count).map(async sub => {
      const form = {
        grant_type: GRANT,
        resource: `${publicUrl}/gateway/api`,
        subject_token: await keys.sign(sub),
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        requested_token_type: `urn:ietf:params:oauth:token-type:${wants}`,
      }
      return { method: 'POST' as const, path: '/oauth/token', headers, body: String(new URLSearchParams(form)) }
    }),
  )
}

async function measure(world: World, at: string, publicUrl: string): Promise<Report> {
  await new Promise(resolve => setTimeout(resolve, 1_500))
  const idleMb = residentMb(world.pid)
  say(`  ready ${Math.round(world.readyMs)} ms, idle ${Math.round(idleMb)} MB`)
  const host = new URL(publicUrl).host
  const key = { authorization: `Bearer ${world.pluginKey}`, host }
  const exchange = (count: number, wants: 'jwt' | 'access_token') => exchangesOf(world, publicUrl, count, wants)
  const behalfToken = async (asked: Asked): Promise<string> => {
    const answer = await fetch(at + asked.path, { method: 'POST', headers: asked.headers, body: asked.body ?? '' })
    const body = (await answer.json()) as { access_token?: string }
    if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`)
    return body.access_token
  }
  const some = await exchange(100, 'jwt')
  const tokens = await Promise.all(some.map(behalfToken))
  const gateway = (path: string): Asked[] =>
    tokens.map(token => ({
      method: 'GET',
      path: `/gateway/api/${path}`,
      headers: { ...key, 'behalf-subject-token': token },
    }))
  const direct = (path: string): Asked[] => [{ method: 'GET', path: `/${path}`, headers: {} }]
  const run = async (label: string, url: string, asked: readonly Asked[], pid?: number) => {
    await load(url, asked, { seconds: pid === undefined ? 1 : WARM_S, connections: CONNECTIONS })
    const before = pid === undefined ? 0 : cpuMicros(pid)
    const result = await load(url, asked, { seconds, connections: CONNECTIONS })
    const cpu = pid === undefined ? Number.NaN : (cpuMicros(pid) - before) / result.calls
    line(label, result, pid === undefined ? '' : `   ${cpu.toFixed(1)} µs CPU a call`)
    if (result.failed > 0) process.exitCode = 1
    return { ...result, cpu }
  }
  const proxyUrl = `http://127.0.0.1:${proxyPort}`
  const nginx1k = await run('nginx proxy_pass, 1 KB', proxyUrl, direct('1k'))
  const gateway1k = await run('gateway, 1 KB', at, gateway('1k'), world.pid)
  const nginx256k = await run('nginx proxy_pass, 256 KB', proxyUrl, direct('256k'))
  const gateway256k = await run('gateway, 256 KB', at, gateway('256k'), world.pid)
  const loadedMb = residentMb(world.pid)
  const behalfTokens = await run(
    `token exchange: Behalf token, ${keys.alg} cached`,
    at,
    await exchange(1_000, 'jwt'),
    world.pid,
  )
  const released = await run(
    'token exchange: provider token, audited',
    at,
    await exchange(1_000, 'access_token'),
    world.pid,
  )
  const form = `csrf=${world.form.csrf}`
  const headers = {
    host,
    cookie: world.form.cookie,
    origin: publicUrl,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const redirect: Asked = { method: 'POST', path: '/connectors/api/connect', headers, body: form }
  const redirects = await run('connect redirect, durable state', at, [redirect], world.pid)
  const p99 = new Map<number, number>([[1_000, behalfTokens.p99Ms]])
  for (const people of [100_000, 1_000_000].filter(count => count <= MOST)) {
    const begun = performance.now()
    await world.grow(people)
    say(`  grown to ${people.toLocaleString('en')} connections in ${Math.round((performance.now() - begun) / 1_000)} s`)
    const grown = await run(
      `token exchange among ${people.toLocaleString('en')}`,
      at,
      await exchange(1_000, 'jwt'),
      world.pid,
    )
    p99.set(people, grown.p99Ms)
  }
  say(`  idle ${Math.round(idleMb)} MB, loaded ${Math.round(loadedMb)} MB at 256 KB bodies`)
  say(`  growth_p99 is ${MOST.toLocaleString('en')} connections over 1,000`)
  const round = (value: number, digits = 3) => Number(value.toFixed(digits))
  return {
    gateway_1k_ratio: round(gateway1k.perSecond / nginx1k.perSecond),
    gateway_1k_cpu_us: round(gateway1k.cpu, 1),
    gateway_256k_ratio: round(gateway256k.perSecond / nginx256k.perSecond),
    token_per_s: Math.round(behalfTokens.perSecond),
    release_per_s: Math.round(released.perSecond),
    redirect_per_s: Math.round(redirects.perSecond),
    rss_mb: Math.round(idleMb),
    ready_ms: Math.round(world.readyMs),
    growth_p99: round((p99.get(MOST) ?? Number.NaN) / (p99.get(1_000) ?? Number.NaN)),
  }
}
