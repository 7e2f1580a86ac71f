import { buildConnector, Pool, ProxyAgent } from 'undici'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { Guard } from './guard.ts'
import { portOf } from './guard.ts'
import { failed, refused } from './refusal.ts'

/** What both a pool of our own connections and a proxy can do. */
type Dispatcher = Pick<Pool, 'dispatch' | 'close' | 'destroy'>

export type Pools = AsyncDisposable & { of(url: URL, target: OutboundTarget): Dispatcher }

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
 * Connections by origin and organization: what one organization may reach, another never inherits through a socket left open. With a proxy,
 * https goes through it, and the proxy, not we, resolves and dials: names and literals are all that is judged then.
 */
export function createPools(
  guard: Guard,
  options: { readonly proxyUrl?: string | undefined; readonly ca?: readonly string[] | undefined },
): Pools {
  const pools = new Map<string, Dispatcher>()
  const tls = options.ca === undefined ? {} : { ca: [...options.ca] }
  const connector = buildConnector({
    ...tls,
    timeout: CONNECT_MS,
    minVersion: 'TLSv1.2',
  } as buildConnector.BuildOptions)

  return {
    of(url, target) {
      const key = `${target.orgSlug} ${url.origin}`
      const known = pools.get(key)
      if (known !== undefined) return known
      const made =
        options.proxyUrl !== undefined && url.protocol === 'https:' ? viaProxy(options.proxyUrl) : direct(url, target)
      pools.set(key, made)
      const [oldest] = pools.keys()
      if (pools.size > MAX_POOLS && oldest !== undefined) {
        void pools.get(oldest)?.close()
        pools.delete(oldest)
      }
      return made
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...pools.values()].map(pool => pool.destroy()))
      pools.clear()
    },
  }

  function viaProxy(uri: string): Dispatcher {
    return new ProxyAgent({ uri, requestTls: { ...tls, minVersion: 'TLSv1.2' }, ...SETTINGS })
  }

  function direct(url: URL, target: OutboundTarget): Dispatcher {
    const port = portOf(url)
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
