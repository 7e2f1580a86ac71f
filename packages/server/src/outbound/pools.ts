import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
// Pools alone: the package's index also brings fetch, WebSocket and caches, 13 MB that nothing here uses.
import buildConnector from 'undici/lib/core/connect.js'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import { reveal } from '../domain/secret.ts'
import type { Guard } from './guard.ts'
import { portOf } from './guard.ts'
import { failed, refused } from './refusal.ts'

/** What both a pool of our own connections and a proxy can do. */
type Dispatcher = Pick<Pool, 'dispatch' | 'close' | 'destroy'>

/** The way to one origin. */
type Way = { readonly origin: string; readonly dispatcher: Dispatcher }

export type Pools = AsyncDisposable & {
  /** The way to a URL, judged once for all that begin alike up to their path. Throws `outbound_refused`. */
  of(url: string, target: OutboundTarget): Way
}

const MAX_POOLS = 512
const CONNECTIONS = 64
const CONNECT_MS = 10_000
const KEEP_ALIVE_MS = 30_000
const SETTINGS = {
  connections: CONNECTIONS,
  pipelining: 1,
  keepAliveTimeout: KEEP_ALIVE_MS,
  keepAliveMaxTimeout: KEEP_ALIVE_MS,
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
} as const

/**
 * Where the path or query of a URL begins: what stands before decides scheme, credentials, host and port, whatever comes after it. A text
 * without any is all beginning.
 */
export function pathAt(url: string): number {
  const slashes = url.indexOf('://')
  let at = slashes === -1 ? url.length : slashes + 3
  while (at < url.length && !ENDS_AUTHORITY.has(url.charAt(at))) at += 1
  return at
}
const ENDS_AUTHORITY: ReadonlySet<string> = new Set(['/', '?', '#'])

/**
 * Connections by origin and organization: what one organization may reach, another never inherits through a socket left open. With a proxy,
 * https goes through it, and the proxy, not we, resolves and dials: names and literals are all that is judged then.
 */
export function createPools(
  guard: Guard,
  options: { readonly proxyUrl?: string | undefined; readonly ca?: readonly string[] | undefined },
): Pools {
  const ways = new Map<string, Way>()
  const tls = options.ca === undefined ? {} : { ca: [...options.ca] }
  const connecting = (own: object) =>
    buildConnector({ ...tls, ...own, timeout: CONNECT_MS, minVersion: 'TLSv1.2' } as buildConnector.BuildOptions)
  const plain = connecting({})

  return {
    of(text, target) {
      const shown = target.tls === undefined ? '' : ` ${certificateKey(target.tls)}`
      const key = `${target.orgSlug} ${text.slice(0, pathAt(text))}${shown}`
      const known = ways.get(key)
      if (known !== undefined) return known
      const url = guard.judgeUrl(text, target)
      const made = { origin: url.origin, dispatcher: dispatcherTo(url, target) }
      ways.set(key, made)
      const [oldest] = ways.keys()
      if (ways.size > MAX_POOLS && oldest !== undefined) {
        void ways.get(oldest)?.dispatcher.close()
        ways.delete(oldest)
      }
      return made
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...ways.values()].map(({ dispatcher }) => dispatcher.destroy()))
      ways.clear()
    },
  }

  function dispatcherTo(url: URL, target: OutboundTarget): Dispatcher {
    return options.proxyUrl !== undefined && url.protocol === 'https:'
      ? viaProxy(options.proxyUrl, target)
      : direct(url, target)
  }

  function viaProxy(uri: string, target: OutboundTarget): Dispatcher {
    // Only behind a proxy: this is the whole package.
    const { ProxyAgent } = createRequire(import.meta.url)('undici') as typeof import('undici')
    return new ProxyAgent({
      uri,
      requestTls: { ...tls, ...ownCertificate(target), minVersion: 'TLSv1.2' },
      ...SETTINGS,
    })
  }

  function direct(url: URL, target: OutboundTarget): Dispatcher {
    const port = portOf(url)
    const connector = target.tls === undefined ? plain : connecting(ownCertificate(target))
    return new Pool(url.origin, {
      ...SETTINGS,
      connect(wanted, done) {
        guard.addressesOf(url.hostname, port, target).then(
          // The address that was judged is the address that is dialled: the name is not resolved again.
          ([address = '']) => dial(address),
          error => done(failed('resolve', error), null),
        )

        function dial(address: string): void {
          const servername = wanted.servername ?? (/^[\d.]+$|:/.test(url.hostname) ? '' : url.hostname)
          connector({ ...wanted, hostname: address, servername }, (error, socket) => {
            if (error !== null) return done(failed('connect', error), null)
            try {
              guard.judgeAddress(socket.remoteAddress ?? '', port, target)
              done(null, socket)
            } catch (judged) {
              socket.destroy()
              done(judged instanceof Error ? judged : refused('address'), null)
            }
          })
        }
      },
    })
  }
}

/** The client certificate of a connector (RFC 8705): connections that show it are nobody else's. */
const ownCertificate = ({ tls }: OutboundTarget): object =>
  tls === undefined ? {} : { cert: tls.certificate, key: reveal(tls.key) }

const certificateKey = ({ certificate, key }: NonNullable<OutboundTarget['tls']>): string =>
  createHash('sha256').update(certificate).update(reveal(key)).digest('base64url')
