/** As much of JSON Schema 2020-12 as zod writes. */
export type JsonSchema = {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly type?: string | readonly string[]
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly propertyNames?: JsonSchema
  readonly description?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** How a type is written. `sent`: we send such values, so that an optional property may also be undefined. */
export type Writing = { readonly sent: boolean; readonly nameOf: (id: string) => string }

/** The TypeScript type of a schema. */
export function typeText(schema: JsonSchema | boolean | undefined, writing: Writing): string {
  if (schema === undefined || typeof schema === 'boolean') return 'unknown'
  const text = (inner: JsonSchema | boolean | undefined) => typeText(inner, writing)
  const referred = schema.$ref?.split('/').at(-1)
  if (referred !== undefined) return referred.startsWith('__') ? 'Json' : writing.nameOf(referred)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return unique(either.map(text)).join(' | ')
  if (schema.allOf !== undefined)
    return unique(schema.allOf.map(text))
      .map(part => `(${part})`)
      .join(' & ')
  if (typeof schema.type === 'object') return schema.type.map(type => text({ ...schema, type })).join(' | ')
  if (schema.type === 'array') return arrayText(schema, text)
  if (schema.type === 'object') return objectText(schema, writing)
  return SCALARS[schema.type ?? ''] ?? 'Json'
}

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}
const unique = (parts: readonly string[]): string[] => [...new Set(parts)]

function arrayText(schema: JsonSchema, text: (inner: JsonSchema | undefined) => string): string {
  if (schema.prefixItems !== undefined) return `readonly [${schema.prefixItems.map(text).join(', ')}]`
  return `readonly (${text(schema.items)})[]`
}

function objectText(schema: JsonSchema, writing: Writing): string {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    const value = typeText(schema.additionalProperties || undefined, writing)
    if (schema.additionalProperties === false) return 'Record<string, never>'
    return schema.propertyNames?.enum === undefined || schema.required !== undefined
      ? `{ readonly [name: string]: ${value} }`
      : `{ readonly [Name in ${typeText(schema.propertyNames, writing)}]?: ${value} }`
  }
  const lines = properties.map(([name, inner]) => {
    const optional = !(schema.required ?? []).includes(name)
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
    const orUndefined = optional && writing.sent ? ' | undefined' : ''
    const doc = inner.description === undefined ? '' : `/** ${inner.description} */ `
    return `${doc}readonly ${key}${optional ? '?' : ''}: ${typeText(inner, writing)}${orUndefined}`
  })
  return `{ ${lines.join('; ')} }`
}
