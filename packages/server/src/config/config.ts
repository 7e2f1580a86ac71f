import { resolve } from 'node:path'
import { BootError } from '../domain/boot-error.ts'
import { type AddressRange, parseRange } from '../domain/ip-address.ts'
import { type AllowEntry, parseOutboundAllow } from '../domain/outbound-allow.ts'
import { type Environment, readEnvironment } from './env.ts'

export type Listen = { readonly host: string; readonly port: number }

/** What the environment means. Root keys are read by `secrets.ts`, once the data folder is known. */
export type Config = {
  /** May hold `{org}`; no path, no slash at the end. */
  readonly url: string
  readonly listen: Listen
  /** Null where metrics are off. */
  readonly metricsListen: Listen | null
  readonly dataDir: string
  /** PostgreSQL instead of the embedded store. Holds a password. */
  readonly databaseUrl: string | undefined
  readonly rootKey: string | undefined
  readonly outboundAllow: readonly AllowEntry[]
  readonly trustedProxies: readonly AddressRange[]
  readonly proxyUrl: string | undefined
  readonly logLevel: Environment['BEHALF_LOG_LEVEL']
}

const LOOPBACK = /^((?:[a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Gives the environment its meaning. Throws {@link BootError} with one line that names the variable. */
export function readConfig(source?: Readonly<Record<string, string | undefined>>): Config {
  const env = readEnvironment(source)
  return {
    url: publicUrl(env.BEHALF_URL),
    listen: listen('BEHALF_LISTEN', env.BEHALF_LISTEN),
    metricsListen:
      env.BEHALF_METRICS_LISTEN === 'off' ? null : listen('BEHALF_METRICS_LISTEN', env.BEHALF_METRICS_LISTEN),
    dataDir: resolve(env.BEHALF_DATA),
    databaseUrl: databaseUrl(env),
    rootKey: env.BEHALF_ROOT_KEY,
    outboundAllow: named('BEHALF_OUTBOUND_ALLOW', () => parseOutboundAllow(env.BEHALF_OUTBOUND_ALLOW)),
    trustedProxies: named('BEHALF_TRUSTED_PROXIES', () => ranges(env.BEHALF_TRUSTED_PROXIES)),
    proxyUrl: env.HTTPS_PROXY,
    logLevel: env.BEHALF_LOG_LEVEL,
  }
}

// SECURITY: no message repeats the URL: it holds a password.
function databaseUrl({ DATABASE_URL, BEHALF_ROOT_KEY }: Environment): string | undefined {
  if (DATABASE_URL === undefined) return undefined
  if (!/^postgres(ql)?:\/\//.test(DATABASE_URL) || !URL.canParse(DATABASE_URL))
    throw new BootError('DATABASE_URL: must be a postgres:// URL; unset it to use the embedded store')
  if (BEHALF_ROOT_KEY === undefined)
    throw new BootError(
      'BEHALF_ROOT_KEY: is needed with DATABASE_URL, the same on every node (openssl rand -base64 32)',
    )
  return DATABASE_URL
}

function publicUrl(text: string): string {
  const fault = (why: string) => new BootError(`BEHALF_URL: ${why}`)
  const url = URL.parse(text.replace('{org}', 'org'))
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw fault('must be an http or https URL')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw fault('must hold no path, query or user')
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw fault('plain http is for loopback alone; use https')
  if (text.includes('{org}') && !/^https?:\/\/\{org\}\./.test(text))
    throw fault('{org} must be the first label of the host')
  return text.replace(/\/$/, '')
}

function listen(name: string, text: string): Listen {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.['port'])
  const host = match?.groups?.['v6'] ?? match?.groups?.['host']
  if (host === undefined || port > 65_535) throw new BootError(`${name}: must be address:port, such as 127.0.0.1:4000`)
  return { host, port }
}

const ranges = (text: string): readonly AddressRange[] =>
  text
    .split(/[\s,;]+/)
    .filter(part => part !== '')
    .map(part => {
      const range = parseRange(part)
      if (range === undefined) throw new Error(`${part} is not a CIDR`)
      return range
    })

function named<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new BootError(`${name}: ${error instanceof Error ? error.message : 'is not valid'}`)
  }
}

export { BootError } from '../domain/boot-error.ts'
export { reveal, type Secret, secret } from '../domain/secret.ts'
