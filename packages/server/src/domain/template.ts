import { PLACEHOLDER, type Variable } from '@behalf/contract'

/** Values of variables by name. */
export type Values = Readonly<Record<string, string>>

/** A template with its variables replaced; undefined where one has no value. Nothing is evaluated, and a value is never read as a template. */
export function fill(
  template: string,
  values: Values,
  encode: (value: string) => string = value => value,
): string | undefined {
  let missing = false
  const filled = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) missing = true
    return value === undefined ? '' : encode(value)
  })
  return missing ? undefined : filled
}

const START = /^(?:(https?:\/\/[^/?#]*)|\{([a-z][a-z0-9_]*)\})(.*)$/s

/**
 * A URL template with its variables replaced: in the host as they are, because {@link admitted} judged them, percent-encoded everywhere else.
 * Undefined where a variable has no value or the whole is no URL.
 */
export function fillUrl(
  template: string,
  values: Values,
  variables: Readonly<Record<string, Variable>>,
): string | undefined {
  const parts = START.exec(template)
  if (parts === null) return undefined
  const [, authority = '', whole, rest = ''] = parts
  const base = whole === undefined ? authority : `{${whole}}`
  const start = fill(base, values)
  const end = fill(rest, values, encodeURIComponent)
  if (start === undefined || end === undefined) return undefined
  const url = whole === undefined || !/^[/?]/.test(end) ? start + end : start.replace(/\/$/, '') + end
  const parsed = URL.parse(url)
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined
  // SECURITY: a value of a variable never moves the host: what was put together is what a parser sees.
  const expected = whole === undefined ? start : (URL.parse(start)?.origin ?? '')
  const said = variables[whole ?? '']?.type === 'url' ? parsed.origin : `${parsed.protocol}//${parsed.host}`
  return sameOrigin(expected, said) ? url : undefined
}

const sameOrigin = (one: string, other: string): boolean => URL.parse(one)?.origin === URL.parse(other)?.origin
