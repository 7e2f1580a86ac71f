import { lookup } from 'node:dns/promises'
import { parseAddress } from '../domain/ip-address.ts'
import { type AllowEntry, isAllowed, mayDial } from '../domain/outbound-allow.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import { failed, refused } from './refusal.ts'

export type Resolve = (host: string) => Promise<readonly { readonly address: string }[]>

/** Judges URLs before anything is dialled, and addresses as they are. */
export type Guard = {
  /** The URL, if it is one that could ever be called. Throws `outbound_refused`. */
  judgeUrl(url: string, target: OutboundTarget): URL
  /** Every address of a host, each one judged: one bad address refuses the host. Throws `outbound_refused`, `provider_unavailable`. */
  addressesOf(host: string, port: number, target: OutboundTarget): Promise<readonly string[]>
  /** Judges the address a socket really reached. Throws `outbound_refused`. */
  judgeAddress(address: string, port: number, target: OutboundTarget): void
}

export const resolveAll: Resolve = host => lookup(host, { all: true, verbatim: true })

export function createGuard(allow: readonly AllowEntry[], resolve: Resolve): Guard {
  const lookups = new Map<string, ReturnType<Resolve>>()
  return { judgeUrl, addressesOf, judgeAddress }

  function judgeUrl(text: string, target: OutboundTarget): URL {
    const url = URL.parse(text)
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw refused('scheme')
    if (url.username !== '' || url.password !== '') throw refused('userinfo')
    if (url.hostname === '' || url.hostname.endsWith('.')) throw refused('host')
    const literal = parseAddress(url.hostname)
    if (literal !== undefined) judgeAddress(url.hostname, portOf(url), target)
    if (url.protocol === 'http:') judgePlain(url, target)
    return url
  }

  // Plain http never leaves for where others could listen: a literal or localhost that the operator let through, all of it.
  function judgePlain(url: URL, { orgSlug }: OutboundTarget): void {
    const literals = url.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [url.hostname]
    for (const literal of literals) {
      const address = parseAddress(literal)
      if (address === undefined || !isAllowed(allow, { address, port: portOf(url), orgSlug }))
        throw refused('plain http')
    }
  }

  async function addressesOf(host: string, port: number, target: OutboundTarget): Promise<readonly string[]> {
    const literal = parseAddress(host)
    const found = literal === undefined ? await resolved(host) : [bare(host)]
    if (found.length === 0) throw failed('resolve', new Error('no address'))
    for (const address of found) judgeAddress(address, port, target)
    return found
  }

  // Once for all who wait: the system looks few names up at a time, and one that nobody answers for must not take every place.
  async function resolved(host: string): Promise<readonly string[]> {
    const looking = lookups.get(host) ?? resolve(host).finally(() => lookups.delete(host))
    lookups.set(host, looking)
    try {
      return (await looking).map(({ address }) => address)
    } catch (error) {
      throw failed('resolve', error)
    }
  }

  function judgeAddress(text: string, port: number, { orgSlug }: OutboundTarget): void {
    const address = parseAddress(text)
    if (address === undefined || !mayDial(allow, { address, port, orgSlug })) throw refused('address')
  }
}

export const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')
