import { z } from 'zod'
import { json } from './wire.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const
const type = z.enum(TYPES)
const count = z.int().min(0).max(1_000_000)
const property = z.string().min(1).max(100)

const schema: z.ZodType = z.lazy(() => keywords)

const keywords = z.strictObject({
  type: z.union([type, z.array(type).min(1).max(TYPES.length)]).optional(),
  title: z.string().max(200).optional(),
  description: z.string().max(2000).optional(),
  default: json.optional(),
  examples: z.array(json).max(20).optional(),
  enum: z.array(json).min(1).max(500).optional(),
  const: json.optional(),
  properties: z.record(property, schema).optional(),
  required: z.array(property).max(200).optional(),
  additionalProperties: z.union([z.boolean(), schema]).optional(),
  minProperties: count.optional(),
  maxProperties: count.optional(),
  items: schema.optional(),
  minItems: count.optional(),
  maxItems: count.optional(),
  minLength: count.optional(),
  maxLength: count.optional(),
  format: z.enum(['date-time', 'date', 'email', 'uuid']).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().positive().optional(),
  anyOf: z.array(schema).min(1).max(20).optional(),
})

/**
 * The part of JSON Schema 2020-12 that an action may use: no references, no patterns, nothing whose cost grows faster than the value and the
 * schema do.
 */
export const jsonSchema = z.record(z.string(), json).superRefine((given, context) => {
  for (const issue of schema.safeParse(given).error?.issues ?? []) {
    const unknown =
      issue.code === 'unrecognized_keys' ? `keywords that are not supported: ${issue.keys.join(', ')}` : undefined
    context.addIssue({ code: 'custom', message: unknown ?? issue.message, path: [...issue.path] })
  }
})
export type JsonSchema = z.infer<typeof jsonSchema>
