import { z } from 'zod'
import { RESERVED_HEADERS } from './connector/index.ts'
import { jsonSchema } from './json-schema.ts'
import { json, line, name } from './wire.ts'

const BARRED_HEADERS = /^(proxy|x-forwarded|x-http-method|behalf|sec)-|^x-method-override$|^x-real-ip$/i
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'not a header name')
  .refine(text => !RESERVED_HEADERS.has(text.toLowerCase()) && !BARRED_HEADERS.test(text), 'reserved')
const template = z.string().max(2000)
const most = (count: number) => [(fields: object) => Object.keys(fields).length <= count, `at most ${count}`] as const

/**
 * One thing a plugin can do, as a call that is filled in from typed input. In a template `{field}` stands for a field of the input and `{{` for a
 * brace; a text that is one `{field}` alone takes the field's own type, and falls away where the field is absent.
 */
export const pluginAction = z
  .strictObject({
    name,
    description: line(500),
    connector: name,
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    /** Under the connector's `base_url`; a field fills one path segment or part of one, percent-encoded. */
    path: z.string().max(1000).startsWith('/'),
    query: z
      .record(z.string().regex(/^[A-Za-z0-9_.[\]-]{1,100}$/), template)
      .refine(...most(50))
      .default({}),
    headers: z
      .record(headerName, template)
      .refine(...most(20))
      .default({}),
    /** JSON, its texts templates. */
    body: json.optional(),
    input: jsonSchema.default({ type: 'object', additionalProperties: false }),
    output: jsonSchema.optional(),
    /** Hints for whoever chooses among actions: it changes nothing; it destroys something. */
    read_only: z.boolean().default(false),
    destructive: z.boolean().default(false),
  })
  .refine(action => !(action.read_only && action.destructive), { path: ['destructive'], message: 'not with read_only' })
export type PluginAction = z.infer<typeof pluginAction>
