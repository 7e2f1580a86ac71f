import type { ProblemCode } from '@behalf/contract'
import type { AuthorizationRequest, ConnectOutcome } from '../../domain/authorization-request.ts'
import { toHex } from '../../domain/bytes.ts'
import type { Connector } from '../../domain/connector.ts'
import { judgeIssuer } from '../../domain/issuer.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import type { CallbackProof } from '../../ports/authorization-request-store.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { UnderWay } from '../request/under-way.ts'
import { createExchangeCode, type ExchangeNeeds } from './exchange-code.ts'

export type Callback = {
  readonly callbackPath: string
  /** Every name at most once; the edge refuses repeated ones. */
  readonly query: URLSearchParams
  readonly browserToken: string | undefined
}

export type Completed =
  | {
      readonly kind: 'done'
      readonly connectorName: string
      readonly outcome: ConnectOutcome
      readonly returnTo: string
      readonly resultId: string
    }
  /** `connectorName` where it is known what was begun, so that the person can begin it again. */
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly connectorName?: string }

type Session = Extract<Principal, { kind: 'session' }>
const TWIN_POLL_MS = 100
const TWIN_WAIT_MS = 25_000

/**
 * Judges a callback and, where it belongs to this browser and this person, exchanges its code (RFC 6749 4.1.2, RFC 9207).
 * Refused callbacks change nothing; a callback seen twice shows the first one's outcome.
 */
export function createCompleteConnect(
  ports: ExchangeNeeds & Pick<Ports, 'audit' | 'authorizationRequests'> & { readonly underWay: UnderWay },
) {
  const exchangeCode = createExchangeCode(ports)

  return async function completeConnect(
    context: RequestContext,
    principal: Session | undefined,
    { callbackPath, query, browserToken }: Callback,
  ): Promise<Completed> {
    const state = query.get('state')
    if (state === null || state === '') return refused(context, principal, 'invalid_request')
    const stateHash = ports.entropy.sha256(state)
    if (principal === undefined) return refused(context, principal, 'session_expired', stateHash)
    if (browserToken === undefined) return refused(context, principal, 'wrong_browser', stateHash)
    const proof: CallbackProof = {
      orgId: context.organization.id,
      stateHash,
      browserHash: ports.entropy.sha256(browserToken),
      sessionId: principal.sessionId,
      subjectId: principal.person.id,
      callbackPath,
      now: ports.clock.now(),
    }
    const request = await ports.authorizationRequests.take(proof)
    if (request === undefined) return shown(context, principal, proof)
    return ports.underWay.add(finish(context, principal, request, query))
  }

  async function finish(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    query: URLSearchParams,
  ): Promise<Completed> {
    const connector = await ports.connectors.atVersion(request.orgId, request.connectorId, request.connectorVersion)
    if (connector === undefined) return refused(context, principal, 'connector_not_found')
    const outcome = await judge(context, principal, request, connector, query)
    await ports.authorizationRequests.finish(request.orgId, request.stateHash, outcome)
    ports.metrics.count('connects', outcome.kind)
    return done(connector, request, outcome)
  }

  async function judge(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    query: URLSearchParams,
  ): Promise<ConnectOutcome> {
    const iss = judgeIssuer(connector.definition, query.get('iss'))
    if (iss.kind === 'refused')
      return audited({ kind: 'failed', error: 'issuer_mismatch', description: null }, 'connect.refused')
    if (iss.kind === 'observed') await ports.connectors.observeIssuer(request.orgId, connector.id, iss.issuer)
    const error = query.get('error')
    if (error === 'access_denied') return audited({ kind: 'cancelled' }, 'connect.cancelled')
    if (error !== null)
      return audited(
        { kind: 'failed', error: words(error, 80), description: words(query.get('error_description') ?? '', 300) },
        'connect.failed',
      )
    const code = query.get(connector.definition.auth.authorization_request.code_param)
    if (code === null || code === '')
      return audited({ kind: 'failed', error: 'no_code', description: null }, 'connect.failed')
    return exchangeCode(context, principal, request, connector, { code: secret(code), query })

    async function audited(
      outcome: ConnectOutcome,
      action: 'connect.refused' | 'connect.cancelled' | 'connect.failed',
    ): Promise<ConnectOutcome> {
      const details = outcome.kind === 'failed' ? { error: outcome.error } : {}
      const fields = {
        result: action === 'connect.refused' ? 'refused' : 'failed',
        onBehalfOf: request.subjectId,
        target: connector.name,
        details,
      } as const
      await ports.audit.add([newAuditEvent(ports, context, principal, action, fields)])
      return outcome
    }
  }

  // A reload, a double click or a prefetch: the first one's outcome, waited for while it is being made.
  async function shown(context: RequestContext, principal: Session, proof: CallbackProof): Promise<Completed> {
    const until = ports.clock.monotonic() + TWIN_WAIT_MS
    for (;;) {
      const request = await ports.authorizationRequests.taken(proof)
      if (request === undefined) return refused(context, principal, await whyNot(proof), proof.stateHash)
      if (request.outcome !== null) {
        const connector = await ports.connectors.atVersion(request.orgId, request.connectorId, request.connectorVersion)
        return connector === undefined
          ? refused(context, principal, 'connector_not_found')
          : done(connector, request, request.outcome)
      }
      if (ports.clock.monotonic() > until) return refused(context, principal, 'authorization_request_used')
      await ports.clock.sleep(TWIN_POLL_MS)
    }
  }

  async function whyNot(proof: CallbackProof): Promise<ProblemCode> {
    const request = await ports.authorizationRequests.byState(proof.orgId, proof.stateHash)
    if (request === undefined) return 'invalid_request'
    if (!ports.entropy.equal(request.browserHash, proof.browserHash)) return 'wrong_browser'
    if (request.subjectId !== proof.subjectId) return 'wrong_person'
    if (request.sessionId !== proof.sessionId) return 'session_expired'
    return request.callbackPath === proof.callbackPath ? 'authorization_request_used' : 'invalid_request'
  }

  async function refused(
    context: RequestContext,
    principal: Session | undefined,
    code: ProblemCode,
    stateHash?: Uint8Array,
  ): Promise<Completed> {
    const by = principal ?? 'anonymous'
    await ports.audit.add([
      newAuditEvent(ports, context, by, 'connect.refused', { result: 'refused', details: { code } }),
    ])
    ports.metrics.count('refused', code)
    const connectorName = stateHash && (await begunAt(context, stateHash))
    return { kind: 'refused', code, ...(connectorName === undefined ? {} : { connectorName }) }
  }

  async function begunAt({ organization }: RequestContext, stateHash: Uint8Array): Promise<string | undefined> {
    const request = await ports.authorizationRequests.byState(organization.id, stateHash)
    return request && (await ports.connectors.byId(request.orgId, request.connectorId))?.name
  }
}

const done = (connector: Connector, request: AuthorizationRequest, outcome: ConnectOutcome): Completed => ({
  kind: 'done',
  connectorName: connector.name,
  outcome,
  returnTo: request.returnTo,
  resultId: toHex(request.stateHash),
})

const words = (text: string, max: number): string =>
  text
    .replace(/[^\x20-\x7e\u00a0-\u2027\u2030-\ud7ff]/g, ' ')
    .trim()
    .slice(0, max)
