import { BehalfProblem, BehalfUnreachable, readProblem } from './problem.ts'

/** Puts a caller's proof into the headers; `renew` says that Behalf refused the one before, and answers whether there is another. */
export type Credential = {
  readonly apply: (headers: Headers, method: string) => Promise<void>
  readonly renew: (problem: BehalfProblem) => boolean
  readonly cookies: boolean
}

export type TransportOptions = {
  /** The organization's URL, without a path. */
  readonly url: string
  readonly credential: Credential
  readonly fetch: typeof globalThis.fetch
  readonly retries: number
  readonly onProblem?: ((problem: BehalfProblem | BehalfUnreachable) => void) | undefined
}

type Sent = {
  readonly method: string
  /** Under the organization's URL, with its query. */
  readonly path: string
  readonly headers: Headers
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Whether a second send does what one does: reads, and POSTs with an Idempotency-Key. */
  readonly repeatable: boolean
}
export type Transport = (sent: Sent) => Promise<Response>

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000

/** Sends requests, again where that is safe, and turns every answer that is not ok into a typed error. */
export function createTransport({ url, credential, fetch, retries, onProblem }: TransportOptions): Transport {
  const base = new URL(url).origin

  return async function send(sent) {
    let renewed = false
    for (let attempt = 0; ; attempt += 1) {
      const headers = new Headers(sent.headers)
      await credential.apply(headers, sent.method)
      const outcome = await once(sent, headers)
      if (outcome instanceof Response) return outcome
      if (!renewed && outcome instanceof BehalfProblem && credential.renew(outcome)) {
        renewed = true
        continue
      }
      const wait = sent.repeatable && attempt < retries ? waitBefore(outcome, attempt) : undefined
      if (wait === undefined) {
        onProblem?.(outcome)
        throw outcome
      }
      await pause(wait, sent.signal)
    }
  }

  async function once(sent: Sent, headers: Headers): Promise<Response | BehalfProblem | BehalfUnreachable> {
    const init: RequestInit = {
      method: sent.method,
      headers,
      redirect: 'manual',
      credentials: credential.cookies ? 'same-origin' : 'omit',
      ...(sent.body === undefined ? {} : { body: sent.body }),
      ...(sent.signal === undefined ? {} : { signal: sent.signal }),
    }
    const response = await fetch(base + sent.path, init).catch((cause: unknown) => {
      if (sent.signal?.aborted) throw sent.signal.reason
      return new BehalfUnreachable('Behalf could not be reached.', { cause })
    })
    return response instanceof Error || response.ok ? response : readProblem(response)
  }
}

// A first try whose answer was lost may still be under way: then its key is in use, and waiting brings its answer.
function waitBefore(outcome: BehalfProblem | BehalfUnreachable, attempt: number): number | undefined {
  const backOff = FIRST_WAIT_MS * 2 ** attempt
  if (outcome instanceof BehalfUnreachable) return backOff
  if (outcome.code === 'idempotency_conflict') return attempt > 0 ? backOff : undefined
  if (outcome.status !== 503 && outcome.status !== 429) return undefined
  const wait = Math.max(backOff, outcome.retryAfterMs ?? 0)
  return wait > LONGEST_WAIT_MS ? undefined : wait
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
