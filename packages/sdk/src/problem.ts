import type { Json, ProblemCode } from './generated/wire.ts'

/** One fault in what was sent: a JSON pointer (RFC 6901) into the body or the query, and the reason. */
export type Fault = { readonly pointer: string; readonly reason: string }

type Told = {
  readonly code: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly request_id?: string
  readonly errors?: readonly Fault[]
  readonly connect_url?: string
  readonly connection_id?: string
}

/** A problem that Behalf answered (RFC 9457); `code` is stable and made for `switch`. */
export class BehalfProblem extends Error {
  override readonly name = 'BehalfProblem'
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  /** What is special about this case, in words that may be shown; undefined where the title says it all. */
  readonly detail: string | undefined
  /** Quote it to whoever runs Behalf. */
  readonly requestId: string | undefined
  readonly faults: readonly Fault[]
  /** Where the person can connect, for `connection_required`, `reconnect_required` and `scope_insufficient`. */
  readonly connectUrl: string | undefined
  readonly connectionId: string | undefined
  /** How long to wait before another try, in milliseconds, where Behalf said so. */
  readonly retryAfterMs: number | undefined
  /** The whole problem as it was sent, with members that this version does not know. */
  readonly body: Readonly<Record<string, Json>>

  constructor(told: Told, retryAfterMs?: number) {
    super(told.detail === undefined ? told.title : `${told.title} ${told.detail}`)
    this.code = told.code as ProblemCode
    this.status = told.status
    this.title = told.title
    this.detail = told.detail
    this.requestId = told.request_id
    this.faults = told.errors ?? []
    this.connectUrl = told.connect_url
    this.connectionId = told.connection_id
    this.retryAfterMs = retryAfterMs
    this.body = told as unknown as Readonly<Record<string, Json>>
  }
}

/** No answer came from Behalf at all, or one that is not Behalf's: the network, a proxy, or a wrong URL. */
export class BehalfUnreachable extends Error {
  override readonly name = 'BehalfUnreachable'
}

/** Whether an error is the problem with one of these codes; with none given, any problem. */
export function isProblem<Code extends ProblemCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is BehalfProblem & { readonly code: Code } {
  return error instanceof BehalfProblem && (codes.length === 0 || (codes as readonly string[]).includes(error.code))
}

/** Reads the problem out of an answer that is not ok. Returns {@link BehalfUnreachable} where the body is none of Behalf's. */
export async function readProblem(response: Response): Promise<BehalfProblem | BehalfUnreachable> {
  const text = await response.text().catch(() => '')
  const told = parse(text)
  if (typeof told?.['code'] !== 'string' || typeof told['title'] !== 'string')
    return new BehalfUnreachable(`The answer is not one of Behalf's (HTTP ${response.status}).`)
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new BehalfProblem(told as unknown as Told, Number.isFinite(after) ? after * 1000 : undefined)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
