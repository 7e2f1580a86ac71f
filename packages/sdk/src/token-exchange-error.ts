import { BehalfUnreachable } from './problem.ts'

/** A token exchange that was refused (RFC 6749 5.2). */
export class TokenExchangeError extends Error {
  override readonly name = 'TokenExchangeError'
  /** The OAuth error code, such as `invalid_grant`. */
  readonly error: string
  readonly status: number
  /** Where the person can connect, where that would help. */
  readonly connectUrl: string | undefined
  readonly requestId: string | undefined

  constructor(
    status: number,
    told: { error: string; error_description?: string; connect_url?: string; request_id?: string },
  ) {
    super(told.error_description ?? told.error)
    this.error = told.error
    this.status = status
    this.connectUrl = told.connect_url
    this.requestId = told.request_id
  }
}

/** Reads the error out of a token answer that is not ok. */
export async function readTokenError(response: Response): Promise<TokenExchangeError | BehalfUnreachable> {
  const told = (await response.json().catch(() => undefined)) as { error?: unknown } | undefined
  if (typeof told?.error !== 'string')
    return new BehalfUnreachable(`The answer is not one of Behalf's (HTTP ${response.status}).`)
  return new TokenExchangeError(response.status, told as { error: string })
}
