import { z } from 'zod'

/** Epoch instants travel as RFC 3339 text in UTC. */
export const instant = z.iso.datetime()

/** A cursor page: pass `next_cursor` back as `?cursor=` until it is null. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() })

export const pageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Any JSON value. */
export const json = z.json()

/** Internal names: unique in the organization, immutable, never used again. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, 'lower-case letters, digits and hyphens, 2 to 63 of them, a letter first')

/** Text that people read: no control characters, no direction overrides. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$/, 'no control characters')

/** RFC 6749 3.3 scope-token. */
export const scopeToken = z
  .string()
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/, 'printable ASCII without space, quote and backslash')

const LITERAL_HOST = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/

/** Why a text is no https URL that may be called; undefined where it is one. */
export function urlFault(text: string, query: 'allowed' | 'refused'): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'not a URL'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LITERAL_HOST.test(url.hostname)))
    return 'must be https'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (url.hash !== '' || text.includes('#')) return 'must not carry a fragment'
  if (query === 'refused' && text.includes('?')) return 'must not carry a query'
  if (url.hostname.endsWith('.')) return 'the host must not end in a dot'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return /[\u0000-\u0020\\]/.test(text) ? 'must not hold spaces or backslashes' : undefined
}

/** An https URL; http is let through here for `localhost` and literal addresses only, and judged against `BEHALF_OUTBOUND_ALLOW` on save. */
export const endpointUrl = (query: 'allowed' | 'refused' = 'allowed') =>
  z
    .string()
    .max(2000)
    .superRefine((text, context) => {
      const reason = urlFault(text, query)
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason })
    })

/** What kind of system a connector or a provider is. */
export const category = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
