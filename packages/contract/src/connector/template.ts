import { z } from 'zod'
import { urlFault } from '../wire.ts'

/** `{name}` in a template. Nothing is ever evaluated: a known name is replaced by its value, percent-encoded in URLs. */
export const PLACEHOLDER = /\{([a-z][a-z0-9_]{0,39})\}/g

/** Names of variables: what a connector declares, and what stands between braces. */
export const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores, a letter first')

/** The names a template refers to, each once. */
export const placeholdersOf = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(PLACEHOLDER)].map(match => match[1] ?? '')),
]

/** What a request can name without declaring it; a connector cannot declare a variable of the same name. */
export const BUILT_IN = {
  client: ['client_id', 'client_secret', 'basic_credentials'],
  api: ['base_origin'],
  exchange: ['code', 'redirect_uri', 'code_verifier', 'scope'],
  tokens: ['access_token', 'refresh_token', 'token'],
  time: ['unix_time', 'unix_time_ms', 'iso_time', 'nonce'],
} as const
export const BUILT_IN_NAMES: ReadonlySet<string> = new Set(Object.values(BUILT_IN).flat())

/** Text with `{variable}` in it, as a value of a parameter, field or header. */
export const template = (max = 2000) =>
  z
    .string()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'no control characters')

/** A template that may become a header's value. */
export const headerTemplate = z.string().regex(/^[\x20-\x7E]{0,1000}$/, 'printable ASCII, at most 1,000 characters')

/** A whole URL with `{variable}` in it. What the variables may do where is judged with the whole definition. */
export const urlTemplate = (query: 'allowed' | 'refused' = 'allowed') =>
  z
    .string()
    .min(1)
    .max(2000)
    .superRefine((text, context) => {
      const reason = placeholdersOf(text).length > 0 ? undefined : urlFault(text, query)
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason })
    })

/** A JSON pointer (RFC 6901); empty for the whole document. */
export const pointer = z
  .string()
  .max(300)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'a JSON pointer such as /data/access_token (RFC 6901)')
  .refine(
    text => !/(^|\/)(__proto__|constructor|prototype)(\/|$)/.test(text),
    'must not name a property that every object has',
  )
