import { BrokerError } from '../../domain/broker-error.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

const WINDOW_MS = 60_000
const MOST_IN_WINDOW = 30
const MOST_KEYS = 10_000
const NOTED: ReadonlySet<string> = new Set([
  'forbidden',
  'target_not_allowed',
  'subject_not_allowed',
  'subject_suspended',
  'plugin_not_launched',
  'not_in_launch_audience',
  'subject_token_invalid',
  'subject_ambiguous',
  'connector_not_found',
  'connector_not_approved',
  'not_found',
  'scope_insufficient',
  'outbound_refused',
])

/** Audits a refused access; beyond thirty a minute from one principal they are counted, and the count is audited with the next. */
export function createNoteRefusal(ports: Pick<Ports, 'audit' | 'clock' | 'entropy' | 'metrics'>) {
  const windows = new Map<string, { since: number; seen: number; skipped: number }>()

  return async function noteRefusal(
    context: RequestContext,
    principal: Principal | 'anonymous',
    target: string,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof BrokerError) || !NOTED.has(error.code)) return
    ports.metrics.count('refused', error.code)
    const skipped = admit(
      typeof principal === 'string'
        ? `${context.organization.id}/${context.address}`
        : JSON.stringify([context.organization.id, key(principal)]),
    )
    if (skipped === undefined) return
    const onBehalfOf = typeof principal !== 'string' && principal.kind === 'session' ? principal.person.id : null
    const details = { code: error.code, ...(skipped === 0 ? {} : { skipped }) }
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'access.refused', { result: 'refused', onBehalfOf, target, details }),
    ])
  }

  function admit(name: string): number | undefined {
    const now = ports.clock.monotonic()
    const window = windows.get(name)
    if (window === undefined || now - window.since > WINDOW_MS) {
      windows.delete(name)
      windows.set(name, { since: now, seen: 1, skipped: 0 })
      if (windows.size > MOST_KEYS) windows.delete(windows.keys().next().value ?? '')
      return window?.skipped ?? 0
    }
    window.seen += 1
    if (window.seen <= MOST_IN_WINDOW) return 0
    window.skipped += 1
    return undefined
  }
}

const key = (principal: Principal): string => (principal.kind === 'session' ? principal.person.id : principal.keyId)
