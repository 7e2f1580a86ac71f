import { BrokerError } from '../domain/broker-error.ts'
import type { RequestContext } from '../domain/request-context.ts'
import type { Flows } from '../flows/flows.ts'
import type { SessionPrincipal } from './principal.ts'
import { isSameOrigin, type Provenance } from './same-origin.ts'

export const MOST_FORM = 16_384

/** Whether a form may be read at all: from one of our own pages, and a form. Throws `csrf_rejected`, `unsupported_media_type`. */
export function admitForm(from: Provenance, contentType: string | undefined, baseUrl: string): void {
  if (!isSameOrigin(from, baseUrl)) throw new BrokerError('csrf_rejected')
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) throw new BrokerError('unsupported_media_type')
}

/** The fields of a form that carries the token of the session, once. Throws `csrf_rejected`. */
export async function formOf(
  flows: Pick<Flows, 'checkCsrfToken'>,
  context: RequestContext,
  principal: SessionPrincipal,
  body: string,
): Promise<URLSearchParams> {
  const form = new URLSearchParams(body)
  const given = form.getAll('csrf')
  if (given.length !== 1 || !(await flows.checkCsrfToken(context, principal, given[0])))
    throw new BrokerError('csrf_rejected')
  return form
}
