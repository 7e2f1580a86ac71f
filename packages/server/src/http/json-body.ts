import { BrokerError } from '../domain/broker-error.ts'

const MOST_BYTES = 262_144
const DEEPEST = 32
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Reads a request's body within bounds. Throws `body_too_large`. */
export async function readText(request: Request, most = MOST_BYTES): Promise<string> {
  const length = request.headers.get('content-length')
  if (Number(length ?? 0) > most) throw new BrokerError('body_too_large')
  // As long as it says it is: the HTTP parser sees to that.
  if (length !== null) return request.text()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > most) throw new BrokerError('body_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Parses a JSON body of a media type that is taken here. Throws `unsupported_media_type`, `invalid_request`. */
export function parseJson(text: string, contentType: string | null, allowed: readonly string[]): unknown {
  const media = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!allowed.includes(media))
    throw new BrokerError('unsupported_media_type', { detail: `Send ${allowed.join(' or ')}.` })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BrokerError('invalid_request', {
      detail: 'The body is not JSON.',
      errors: [{ pointer: '', reason: 'not JSON' }],
    })
  }
  judge(value)
  return value
}

// Walked without recursion, so that depth is a fault of the body and not of our stack.
function judge(value: unknown): void {
  const open: (readonly [unknown, number])[] = [[value, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [part, depth] = next
    if (typeof part !== 'object' || part === null) continue
    if (depth > DEEPEST) throw new BrokerError('invalid_request', { detail: 'The body is nested too deeply.' })
    for (const [name, inner] of Object.entries(part)) {
      if (FORBIDDEN.has(name))
        throw new BrokerError('invalid_request', { errors: [{ pointer: `/${name}`, reason: 'unknown field' }] })
      open.push([inner, depth + 1])
    }
  }
}

/** A query in which every name comes once. Throws `invalid_request`. */
export function singleQuery(url: URL): Record<string, string> {
  const names = [...url.searchParams.keys()]
  const repeated = names.find((name, index) => names.indexOf(name) !== index || /[[\]]/.test(name))
  if (repeated !== undefined)
    throw new BrokerError('invalid_request', {
      errors: [{ pointer: `/${repeated.slice(0, 100)}`, reason: 'may come once' }],
    })
  return Object.fromEntries(url.searchParams)
}
