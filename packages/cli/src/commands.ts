import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { BootError, type Config, reveal, secret } from '@behalf/server/config'
import { backup, type Desk, move, openDesk, restore, start } from '@behalf/server/main'
import type { Arguments } from './parse.ts'

const HEALTH_MS = 2_000

/** Serves until SIGINT or SIGTERM; a second signal ends at once. */
export async function serve(config: Config, _args: Arguments): Promise<number> {
  await using broker = await start(config)
  process.stderr.write(`behalf: ready at ${config.url.replace('{org}', '…')}\n`)
  // What was compiled for this start is there for the next, however this one ends.
  flushCompileCache()
  if (broker.warning !== null) process.stderr.write(`behalf: ${broker.warning}\n`)
  await new Promise<void>(resolve => {
    const stop = () => {
      process.once('SIGINT', () => process.exit(1)).once('SIGTERM', () => process.exit(1))
      resolve()
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
  })
  return 0
}

/** Whether the broker with this configuration is ready; for health checks. */
export async function health({ metricsListen }: Config, _args: Arguments): Promise<number> {
  if (metricsListen === null) throw new BootError('BEHALF_METRICS_LISTEN is off: there is nobody to ask')
  const host = metricsListen.host === '0.0.0.0' ? '127.0.0.1' : metricsListen.host
  const at = `http://${host.includes(':') ? `[${host}]` : host}:${metricsListen.port}/ready`
  const said = await fetch(at, { signal: AbortSignal.timeout(HEALTH_MS) }).then(
    async answer => ({ ok: answer.ok, text: (await answer.text()).trim() }),
    () => ({ ok: false, text: 'no answer' }),
  )
  process.stdout.write(`${said.text}\n`)
  return said.ok ? 0 : 1
}

export const migrate = (config: Config, { flags }: Arguments): Promise<number> =>
  atDesk(config, async ({ migrated }) => {
    const words = migrated.length === 0 ? 'The store is up to date.' : `Ran ${migrated.join(', ')}.`
    print(flags.has('json'), { migrated }, words)
    return 0
  })

export function orgCreate(config: Config, args: Arguments): Promise<number> {
  const [slug = ''] = args.words
  const asked = {
    slug,
    name: args.option('name'),
    ssoIssuer: args.option('sso-issuer'),
    ssoClientId: args.option('sso-client-id'),
    ssoClientSecret: secret(readSecretFile(args.option('sso-client-secret-file'))),
  }
  return atDesk(config, async desk => {
    const { organization, adminClaimCode, apiKey } = await desk.createOrganization(asked)
    const url = desk.urls.ofOrganization(organization.slug)
    const made = {
      org: organization.slug,
      url,
      sso_callback_url: `${url}/auth/ssoCallback`,
      admin_claim_code: reveal(adminClaimCode),
      api_key: reveal(apiKey),
    }
    print(
      args.flags.has('json'),
      made,
      [
        `Organization ${made.org} is made.`,
        '',
        `  connections page    ${url}/connections`,
        `  register at the SSO ${made.sso_callback_url}`,
        `  after sign-out      ${url}/auth/signed-out`,
        `  register at third parties  ${url}/auth/oauthCallback/{connector}`,
        '',
        `  first admin: sign in, open ${url}/auth/claim and enter ${made.admin_claim_code}`,
        `  admin API key: ${made.api_key}`,
        '',
        'The code and the key are shown this once.',
      ].join('\n'),
    )
    return 0
  })
}

export async function backupTo(config: Config, { flags, words: [file = ''] }: Arguments): Promise<number> {
  const { pages } = await backup(config, resolve(file))
  print(flags.has('json'), { file, pages }, `${file} holds the store. The root key is not in it: keep that elsewhere.`)
  return 0
}

export async function restoreFrom(config: Config, { flags, words: [file = ''] }: Arguments): Promise<number> {
  const { replaced } = await restore(config, resolve(file), flags.has('replace'))
  const words = [
    `${file} is restored; every session has ended.`,
    ...(replaced === null
      ? []
      : [`What was there is kept as ${replaced} in the data folder; remove it once all is well.`]),
    'What was disconnected since the backup is connected again here; what was renewed since asks for a reconnect when it is used.',
  ]
  print(flags.has('json'), { file, replaced }, words.join('\n'))
  return 0
}

export async function moveTo(config: Config, { flags }: Arguments): Promise<number> {
  const { rows } = await move(config)
  const words = `${rows} rows are in the database. Start with DATABASE_URL and the same BEHALF_ROOT_KEY; the data folder's copy is as it was.`
  print(flags.has('json'), { rows }, words)
  return 0
}

export const keyStatus = (config: Config, { flags }: Arguments): Promise<number> =>
  atDesk(config, async ({ custody }) => {
    const keys = await custody.status()
    const lines = keys.map(
      ({ rootKeyId, newest, known, dataKeys }) =>
        `${rootKeyId}  ${dataKeys} data keys${newest ? ', newest' : ''}${known ? '' : ', not given'}`,
    )
    print(flags.has('json'), { keys }, lines.join('\n'))
    return 0
  })

export const keyRotate = (config: Config, { flags }: Arguments): Promise<number> =>
  atDesk(config, async ({ custody }) => {
    const done = await custody.rotate()
    print(
      flags.has('json'),
      done,
      `Re-wrapped ${done.rewrapped} data keys; ${done.remaining} remain under older root keys.`,
    )
    return done.remaining === 0 ? 0 : 1
  })

export const keyRetire = (config: Config, { flags, words: [id] }: Arguments): Promise<number> =>
  atDesk(config, async ({ custody }) => {
    const key = (await custody.status()).find(({ rootKeyId }) => rootKeyId === id)
    if (key === undefined) throw new BootError(`there is no root key ${id}; see behalf key status`)
    if (key.newest) throw new BootError(`${id} is the newest root key: put another before it, and rotate first`)
    if (key.dataKeys > 0)
      throw new BootError(`${id} still wraps ${key.dataKeys} data keys: run behalf key rotate first`)
    print(
      flags.has('json'),
      { root_key_id: id, removable: true },
      `${id} wraps nothing any more: remove it from BEHALF_ROOT_KEY.`,
    )
    return 0
  })

export function auditVerify(config: Config, args: Arguments): Promise<number> {
  const [slug = ''] = args.words
  const given = args.optional('anchor')
  const [, sequence, mac] = /^(\d+):([0-9a-f]{64})$/.exec(given ?? '') ?? []
  if (given !== undefined && mac === undefined)
    throw new BootError('--anchor must be SEQUENCE:MAC as an earlier run printed it')
  return atDesk(config, async desk => {
    const verdict = await desk.verifyAudit(slug, mac === undefined ? undefined : { sequence: Number(sequence), mac })
    if (verdict === undefined) throw new BootError(`there is no organization ${slug}`)
    const words =
      verdict.kind === 'sound'
        ? `The chain is sound: ${verdict.events} events. Anchor: ${verdict.events}:${verdict.head}`
        : `The chain is broken at entry ${verdict.sequence}: ${verdict.what.replace('_', ' ')}.`
    print(args.flags.has('json'), verdict, words)
    return verdict.kind === 'sound' ? 0 : 1
  })
}

async function atDesk(config: Config, work: (desk: Desk) => Promise<number>): Promise<number> {
  await using desk = await openDesk(config)
  return await work(desk)
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8').trim()
  } catch {
    throw new BootError(`--sso-client-secret-file: ${path} cannot be read`)
  }
}

const print = (json: boolean, value: unknown, words: string): void =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`)
