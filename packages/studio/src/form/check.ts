import type { Json } from '@behalf/sdk'
import type { FormSchema } from '@behalf/sdk/schemas'
import { FORM } from '../text/form.ts'
import { isObject, type Path, pointerOf } from './json.ts'

const WORDS = FORM.faults

/** What is wrong with a value by its schema alone, as JSON pointer and reason; the broker has the last word. */
export function check(
  schema: FormSchema,
  value: Json | undefined,
  path: Path = [],
  required = true,
): [string, string][] {
  const fault = (reason: string): [string, string][] => [[pointerOf(path), reason]]
  if (value === undefined || value === '') return required && schema.default === undefined ? fault(WORDS.needed) : []
  if (schema.enum !== undefined && !schema.enum.includes(value)) return fault(WORDS.oneOf(schema.enum.join(', ')))
  if (typeof value === 'string') return text(schema, value).flatMap(fault)
  if (typeof value === 'number') return number(schema, value).flatMap(fault)
  if (Array.isArray(value)) {
    if (schema.maxItems !== undefined && value.length > schema.maxItems) return fault(WORDS.atMost(schema.maxItems))
    const { items } = schema
    return items === undefined ? [] : value.flatMap((item, index) => check(items, item, [...path, String(index)]))
  }
  if (!isObject(value) || schema.properties === undefined) return []
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    check(inner, value[name], [...path, name], schema.required?.includes(name) ?? false),
  )
}

function text({ pattern, minLength, maxLength, description }: FormSchema, value: string): string[] {
  if (maxLength !== undefined && value.length > maxLength) return [WORDS.atMost(maxLength, WORDS.characters)]
  if (minLength !== undefined && value.length < minLength) return [WORDS.atLeast(minLength, WORDS.characters)]
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return [WORDS.fitsNot(description ?? pattern)]
  return []
}

function number({ minimum, maximum }: FormSchema, value: number): string[] {
  if (minimum !== undefined && value < minimum) return [WORDS.atLeast(minimum)]
  if (maximum !== undefined && value > maximum) return [WORDS.atMost(maximum)]
  return []
}

const LITERAL_HOST = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/

/** What is wrong with an address as one types it. */
export function urlFault(value: string): string | undefined {
  if (value === '') return undefined
  const url = URL.parse(value.replace(/\{[a-z][a-z0-9_]*\}/g, 'x'))
  if (url === null) return WORDS.noUrl
  if (url.protocol !== 'https:' && !LITERAL_HOST.test(url.hostname)) return WORDS.noHttps
  if (url.username !== '' || url.password !== '') return WORDS.credentials
  if (value.includes('#')) return WORDS.fragment
  return undefined
}
