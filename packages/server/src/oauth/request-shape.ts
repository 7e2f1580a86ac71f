import type { PublicAuth } from '../domain/connector.ts'
import type { Values } from '../domain/template.ts'
import { fieldTexts, filled } from './request-names.ts'

/** How a provider wants a request of the token endpoint. */
export type Shape = Pick<
  PublicAuth['token_request'],
  'method' | 'format' | 'headers' | 'data' | 'query' | 'rename' | 'drop'
> & { readonly grantType: string | undefined }

export type Shaped = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The shape of the code exchange. */
export const exchangeShape = ({ token_request }: PublicAuth): Shape => ({
  ...token_request,
  grantType: token_request.grant_type,
})

/** The shape of a refresh: that of the exchange, but for its grant type, data and query, which never leak into it. */
export const refreshShape = ({ token_request, refresh_request }: PublicAuth): Shape => ({
  method: refresh_request.method ?? token_request.method,
  format: refresh_request.format ?? token_request.format,
  headers: refresh_request.headers ?? token_request.headers,
  rename: refresh_request.rename ?? token_request.rename,
  drop: refresh_request.drop ?? token_request.drop,
  data: refresh_request.data ?? {},
  query: refresh_request.query ?? {},
  grantType: refresh_request.grant_type,
})

/** A request as RFC 6749 has it, brought into the shape a provider wants. What is ours is never overridden; no name is sent twice. */
export function shaped(
  standard: { readonly url: string; readonly headers: Headers; readonly fields: URLSearchParams },
  shape: Shape,
  names: Values,
): Shaped {
  const fields = new URLSearchParams(standard.fields)
  if (shape.grantType !== undefined && fields.has('grant_type')) fields.set('grant_type', shape.grantType)
  for (const [name, text] of fieldTexts(shape.data, names)) if (!fields.has(name)) fields.set(name, text)
  const sent = renamed(fields, shape)
  const headers = Object.fromEntries(standard.headers)
  for (const [name, value] of Object.entries(shape.headers)) headers[name.toLowerCase()] = filled(value, names)
  return written({ ...shape, url: withQuery(standard.url, fieldTexts(shape.query, names)), headers }, sent)
}

function renamed(fields: URLSearchParams, { rename, drop }: Pick<Shape, 'rename' | 'drop'>): URLSearchParams {
  const dropped: readonly string[] = drop
  const names: Readonly<Record<string, string | undefined>> = rename
  const sent = new URLSearchParams()
  for (const [name, value] of fields) {
    if (dropped.includes(name)) continue
    const wire = names[name] ?? name
    // A renamed standard field wins over data that took its name.
    if (names[name] !== undefined) sent.delete(wire)
    else if (Object.values(names).includes(wire) && sent.has(wire)) continue
    sent.append(wire, value)
  }
  return sent
}

/** A form of these fields, in their order. */
export function formOf(fields: Iterable<readonly [name: string, value: string]>): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of fields) form.append(name, value)
  return form
}

/** Puts fields where the format says. A method without a body leaves the query alone. */
export function written(
  to: {
    readonly method: string
    readonly format: 'form' | 'json' | 'query'
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  },
  fields: URLSearchParams,
): Shaped {
  const { method, url, headers } = to
  const format = method === 'GET' ? 'query' : to.format
  // SECURITY: the connector says explicitly that fields travel in the query; this URL is never logged.
  if (format === 'query') return { method, url: withQuery(url, [...fields]), headers }
  if (format === 'json') {
    const body = JSON.stringify(asObject(fields))
    return { method, url, headers: { ...headers, 'content-type': 'application/json' }, body }
  }
  const contentType = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
  return { method, url, headers: { ...headers, ...contentType }, body: fields.toString() }
}

/** Adds parameters to a URL; one of the same name that was there before is replaced. */
export function withQuery(url: string, fields: readonly (readonly [name: string, value: string])[]): string {
  if (fields.length === 0) return url
  const whole = new URL(url)
  for (const [name] of fields) whole.searchParams.delete(name)
  for (const [name, value] of fields) whole.searchParams.append(name, value)
  return whole.href
}

function asObject(fields: URLSearchParams): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null)
  for (const name of new Set(fields.keys())) {
    const all = fields.getAll(name)
    object[name] = all.length === 1 ? (all[0] ?? '') : all
  }
  return object
}
