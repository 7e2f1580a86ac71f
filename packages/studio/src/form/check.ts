import type { Json } from '@behalf/sdk'
import type { FormSchema } from '@behalf/sdk/schemas'
import { isObject, type Path, pointerOf } from './json.ts'

/** What is wrong with a value by its schema alone, as JSON pointer and reason; the broker has the last word. */
export function check(
  schema: FormSchema,
  value: Json | undefined,
  path: Path = [],
  required = true,
): [string, string][] {
  const fault = (reason: string): [string, string][] => [[pointerOf(path), reason]]
  if (value === undefined || value === '') return required && schema.default === undefined ? fault('needed') : []
  if (schema.enum !== undefined && !schema.enum.includes(value)) return fault(`one of ${schema.enum.join(', ')}`)
  if (typeof value === 'string') return text(schema, value).flatMap(fault)
  if (typeof value === 'number') return number(schema, value).flatMap(fault)
  if (Array.isArray(value)) {
    if (schema.maxItems !== undefined && value.length > schema.maxItems) return fault(`at most ${schema.maxItems}`)
    const { items } = schema
    return items === undefined ? [] : value.flatMap((item, index) => check(items, item, [...path, String(index)]))
  }
  if (!isObject(value) || schema.properties === undefined) return []
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    check(inner, value[name], [...path, name], schema.required?.includes(name) ?? false),
  )
}

function text({ pattern, minLength, maxLength, description }: FormSchema, value: string): string[] {
  if (maxLength !== undefined && value.length > maxLength) return [`at most ${maxLength} characters`]
  if (minLength !== undefined && value.length < minLength) return [`at least ${minLength} characters`]
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return [`does not fit: ${description ?? pattern}`]
  return []
}

function number({ minimum, maximum }: FormSchema, value: number): string[] {
  if (minimum !== undefined && value < minimum) return [`at least ${minimum}`]
  if (maximum !== undefined && value > maximum) return [`at most ${maximum}`]
  return []
}

const LITERAL_HOST = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/

/** What is wrong with an address as one types it. */
export function urlFault(value: string): string | undefined {
  if (value === '') return undefined
  const url = URL.parse(value.replace(/\{[a-z][a-z0-9_]*\}/g, 'x'))
  if (url === null) return 'not a URL: it begins with https://'
  if (url.protocol !== 'https:' && !LITERAL_HOST.test(url.hostname)) return 'must begin with https://'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (value.includes('#')) return 'must not carry a fragment (#)'
  return undefined
}
