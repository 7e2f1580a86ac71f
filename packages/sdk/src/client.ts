import { keyCredential, sessionCredential } from './credential.ts'
import { ROUTES } from './generated/routes.ts'
import type { CallOptions, OperationId, Rest } from './operations.ts'
import { type Page, Pages } from './pages.ts'
import { type BehalfProblem, BehalfUnreachable } from './problem.ts'
import { createTransport, type Transport } from './transport.ts'

export type ClientOptions = {
  /** The organization's URL, such as `https://acme.behalf.example.com`. */
  readonly url: string
  /** `bhf_…`. Without it the browser's session counts, which works on Behalf's own origin alone. */
  readonly apiKey?: string | undefined
  /** How often a request is sent again that failed on its way and may be: reads and POSTs. Default 2. */
  readonly retries?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Hears of every error that is thrown, such as a session that ended. */
  readonly onProblem?: ((problem: BehalfProblem | BehalfUnreachable) => void) | undefined
}

const REST = '/api/v1'
type Given = Readonly<Record<string, unknown>> & { readonly body?: unknown; readonly version?: number }

/**
 * A client for all of REST, one method an operation. Lists are {@link Pages}; an update takes the `version` that was read; a POST is done once
 * however often it is sent. Throws `BehalfProblem` for what Behalf refuses and `BehalfUnreachable` where no answer came.
 */
export function createClient(options: ClientOptions): Rest {
  const { url, apiKey, retries = 2, fetch = globalThis.fetch.bind(globalThis), onProblem } = options
  const credential = apiKey === undefined ? sessionCredential(readCsrfToken) : keyCredential(apiKey)
  const send = createTransport({ url, credential, fetch, retries, onProblem })
  const methods = (Object.keys(ROUTES) as OperationId[]).map(operation => [operation, methodOf(operation, send)])
  return Object.fromEntries(methods) as Rest

  async function readCsrfToken(): Promise<string> {
    const me: unknown = await methodOf('readMe', send)({})
    return (me as { csrf_token: string | null }).csrf_token ?? ''
  }
}

function methodOf(operation: OperationId, send: Transport) {
  const [method, template, mark] = ROUTES[operation] as readonly [string, string, ('page' | 'versioned' | 'stream')?]

  return function call(given: Given = {}, options: CallOptions = {}) {
    if (mark !== 'page') return once(given, options)
    return new Pages(
      cursor => once(cursor === undefined ? given : { ...given, cursor }, options) as Promise<Page<unknown>>,
    )
  }

  async function once(given: Given, options: CallOptions): Promise<unknown> {
    const { body, version, ...rest } = given
    const headers = new Headers(options.headers)
    headers.set('accept', mark === 'stream' ? '*/*' : 'application/json')
    if (body !== undefined)
      headers.set('content-type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
    if (mark === 'versioned') headers.set('if-match', `"${version}"`)
    const keyed = method === 'POST' && options.idempotencyKey !== false
    if (keyed) headers.set('idempotency-key', options.idempotencyKey || crypto.randomUUID())
    const response = await send({
      method,
      path: REST + address(template, rest),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: options.signal,
      repeatable: method === 'GET' || keyed,
    })
    if (mark === 'stream') return response
    return response.status === 204 ? undefined : readJson(response)
  }
}

/** The path of a request: parameters in their places, the rest as its query. */
function address(template: string, given: Readonly<Record<string, unknown>>): string {
  const used = new Set<string>()
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name)
    return encodeURIComponent(String(given[name]))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    if (!used.has(name) && value !== undefined && value !== null) query.set(name, String(value))
  return query.size === 0 ? path : `${path}?${query}`
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new BehalfUnreachable('The answer is not JSON.', { cause })
  }
}
