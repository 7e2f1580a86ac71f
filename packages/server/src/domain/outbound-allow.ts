import { type AddressRange, type IpAddress, isInRange, isPublic, parseRange } from './ip-address.ts'

/** Addresses let through besides public ones, for every organization or for one. */
export type AllowEntry = { readonly range: AddressRange; readonly port: number | null; readonly orgSlug: string | null }

const ENTRY =
  /^(?:org=(?<slug>[a-z0-9-]+),)?(?:\[(?<six>[0-9a-f:.]+)\](?<sixBits>\/\d{1,3})?|(?<plain>[0-9a-f:.]+(?:\/\d{1,3})?))(?::(?<port>\d{1,5}))?$/i

/**
 * Reads `BEHALF_OUTBOUND_ALLOW`: `CIDR[:port]` entries separated by spaces or semicolons, IPv6 in brackets (`[::1]/128:8443`), each
 * optionally `org=SLUG,` first. Throws an `Error` that names the faulty entry.
 */
export function parseOutboundAllow(text: string): readonly AllowEntry[] {
  return text
    .split(/[\s;]+/)
    .filter(part => part !== '')
    .map(part => {
      const found = entry(part)
      if (found === undefined) throw new Error(`${part} is not CIDR[:port], optionally with org=SLUG, before it`)
      return found
    })
}

function entry(part: string): AllowEntry | undefined {
  const groups = ENTRY.exec(part)?.groups
  if (groups === undefined) return undefined
  const { slug, six, sixBits, plain, port } = groups
  const colons = plain?.split(':').length ?? 1
  // A bare IPv6 address would swallow its port; only brackets tell the two apart.
  if (six === undefined && colons > 1) return undefined
  const range = parseRange(six === undefined ? (plain ?? '') : `${six}${sixBits ?? ''}`)
  if (range === undefined || Number(port) > 65_535) return undefined
  return { range, port: port === undefined ? null : Number(port), orgSlug: slug ?? null }
}

export type Destination = { readonly address: IpAddress; readonly port: number; readonly orgSlug: string }

/** Whether the operator let this address through for this organization. */
export const isAllowed = (entries: readonly AllowEntry[], { address, port, orgSlug }: Destination): boolean =>
  entries.some(
    entry =>
      isInRange(address, entry.range) &&
      (entry.port === null || entry.port === port) &&
      (entry.orgSlug === null || entry.orgSlug === orgSlug),
  )

/** Whether an address may be dialled: public, or let through. */
export const mayDial = (entries: readonly AllowEntry[], destination: Destination): boolean =>
  isPublic(destination.address) || isAllowed(entries, destination)
