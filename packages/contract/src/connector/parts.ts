import { z } from 'zod'
import { documented } from './documented.ts'
import { RESERVED_HEADERS } from './reserved.ts'
import { headerTemplate, pointer, template } from './template.ts'

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const isReserved = (name: string): boolean =>
  RESERVED_HEADERS.has(name.toLowerCase()) || /^(proxy|x-forwarded|behalf)-/i.test(name)

const headerName = z
  .string()
  .regex(HEADER_NAME, 'not a header name')
  .refine(name => !isReserved(name), 'reserved')
/** The one header that a credential may take besides its own. */
export const credentialHeaderName = z
  .string()
  .regex(HEADER_NAME, 'not a header name')
  .refine(name => name.toLowerCase() === 'authorization' || !isReserved(name), 'reserved')

const once = (names: readonly string[]): boolean => new Set(names.map(name => name.toLowerCase())).size === names.length
export const headers = z
  .record(headerName, headerTemplate)
  .refine(h => Object.keys(h).length <= 20, 'at most 20 headers')
  .refine(h => once(Object.keys(h)), 'a header twice')

export const parameterName = z.string().regex(/^[\x21-\x7E]{1,100}$/, 'not a parameter name')

/** A value that is computed when the request is made: a hash or an HMAC of a template. The whole list of what can be computed. */
const computed = z.strictObject({
  compute: documented(
    z.enum(['sha256', 'sha1', 'md5', 'hmac_sha256', 'hmac_sha1']),
    'Function',
    'The hash, or the HMAC under `key`.',
    'sha256',
  ),
  of: documented(
    template(),
    'Of',
    'What is hashed; may name {client_secret}, {code} and the like.',
    '{client_secret}|{code}',
  ),
  key: documented(template().optional(), 'Key', 'The key of an HMAC.', '{client_secret}'),
  encoding: documented(
    z.enum(['hex', 'base64', 'base64url']).default('hex'),
    'Encoding',
    'How the bytes are written.',
    'hex',
  ),
})

/** Fields of a request body or query: templates, or computed values. */
export const fields = (reserved: ReadonlySet<string>) =>
  z
    .record(
      parameterName.refine(key => !reserved.has(key), 'reserved'),
      z.union([template(), computed]),
    )
    .refine(data => Object.keys(data).length <= 30, 'at most 30 fields')

const scalar = z.union([z.string().max(300), z.number(), z.boolean(), z.null()])
const status = z.int().min(100).max(599)

/**
 * Something that can be said of an answer. Everything given must hold: a status of the list, a value at a pointer that is one of `equals` or is
 * there (`present`), a header that holds a text.
 */
export const condition = z.strictObject({
  status: documented(z.array(status).min(1).max(20).optional(), 'Status', 'HTTP statuses, any of them.', [401]),
  pointer: documented(pointer.optional(), 'Pointer', 'Where in the JSON answer to look (RFC 6901).', '/ok'),
  equals: documented(z.array(scalar).min(1).max(20).optional(), 'Equals', 'What may stand there, any of it.', [true]),
  present: documented(
    z.boolean().optional(),
    'Present',
    'Whether anything stands there but null and empty text.',
    true,
  ),
  header: documented(headerOf().optional(), 'Header', 'A header of the answer.', 'www-authenticate'),
  contains: documented(
    z.string().min(1).max(200).optional(),
    'Contains',
    'Text that the header holds, in any case.',
    'invalid_token',
  ),
})
function headerOf() {
  return z.string().regex(HEADER_NAME, 'not a header name')
}
/** Holds where any of them does. */
export const conditions = z.array(condition.superRefine(whole)).max(10)

function whole(given: z.infer<typeof condition>, context: z.core.$RefinementCtx): void {
  const fault = (path: string, message: string) => context.addIssue({ code: 'custom', message, path: [path] })
  if (given.pointer === undefined && (given.equals !== undefined || given.present !== undefined))
    fault('pointer', 'says where to look')
  if (given.pointer !== undefined && (given.equals === undefined) === (given.present === undefined))
    fault('pointer', 'needs either equals or present')
  if ((given.header === undefined) !== (given.contains === undefined)) fault('header', 'goes with contains')
  if (given.status === undefined && given.pointer === undefined && given.header === undefined)
    fault('status', 'a condition says something')
}

export type Computed = z.infer<typeof computed>
export type FieldValue = string | Computed
export type Condition = z.infer<typeof condition>
