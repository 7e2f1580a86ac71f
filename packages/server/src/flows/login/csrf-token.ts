import { toHex } from '../../domain/bytes.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

type Session = Extract<Principal, { kind: 'session' }>

/** A token bound to one session, for forms and for the `Behalf-CSRF` header. */
export function createCsrfToken(ports: Pick<Ports, 'vault'>) {
  return async function csrfToken({ organization }: RequestContext, { sessionId }: Session): Promise<string> {
    return toHex(await ports.vault.mac(organization.id, 'csrf', new TextEncoder().encode(sessionId)))
  }
}

export function createCheckCsrfToken(ports: Pick<Ports, 'entropy' | 'vault'>) {
  const csrfToken = createCsrfToken(ports)

  return async function checkCsrfToken(
    context: RequestContext,
    principal: Session,
    token: string | undefined,
  ): Promise<boolean> {
    if (token === undefined) return false
    const encoder = new TextEncoder()
    return ports.entropy.equal(encoder.encode(token), encoder.encode(await csrfToken(context, principal)))
  }
}
