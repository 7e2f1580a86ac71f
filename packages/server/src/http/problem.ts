import { PROBLEMS, type Problem } from '@behalf/contract'
import { BrokerError } from '../domain/broker-error.ts'

/** A problem ready to send: RFC 9457 body, status, and the headers that go with it. */
export type ProblemAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Problem
}

/** Anything thrown that is not a {@link BrokerError} is a bug: it is `internal`, and only the request id tells which. */
export const asBrokerError = (error: unknown): BrokerError =>
  error instanceof BrokerError ? error : new BrokerError('internal', { cause: error })

/** The one serialiser of errors. `baseUrl` is the organization's, where the problem is explained. */
export function toProblem(
  thrown: unknown,
  { baseUrl, requestId }: { readonly baseUrl: string; readonly requestId: string },
): ProblemAnswer {
  const { code, told } = asBrokerError(thrown)
  const [status, title] = PROBLEMS[code]
  const body: Problem = {
    type: `${baseUrl}/api/docs/problems/${code}`,
    title,
    status,
    code,
    ...(told.detail === undefined ? {} : { detail: told.detail }),
    request_id: requestId,
    ...(told.errors === undefined ? {} : { errors: [...told.errors] }),
    ...(told.connectionId === undefined ? {} : { connection_id: told.connectionId }),
    ...(told.connectUrl === undefined ? {} : { connect_url: told.connectUrl }),
    ...(told.missing === undefined
      ? {}
      : {
          missing: told.missing.map(({ connector, displayName, code: why, scope }) => ({
            connector,
            display_name: displayName,
            code: why,
            scope: [...scope],
          })),
        }),
  }
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'request-id': requestId,
  }
  if (told.retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(told.retryAfterMs / 1000)))
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  return { status, headers, body }
}
