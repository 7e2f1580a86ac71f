import type { CallId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { CallFacts } from '../../domain/call-entry.ts'
import { headerOf } from '../../domain/flat-headers.ts'
import type { Person } from '../../domain/person.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import { redactStrictly } from '../../domain/redaction/redact-call.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { type CallTerms, STRICT } from '../log/call-terms.ts'
import type { OutgoingCall } from './outgoing-call.ts'

/** A call that ended before it was sent, and what is known of whose it was. */
export type RefusedCall = {
  readonly plugin: Plugin
  readonly person: Person | null
  /** The version that was launched to the person. */
  readonly version: number | null
  /** By the monotonic clock. */
  readonly startedAt: number
  readonly error: unknown
}

/** A call as it ended: `status` is null where no provider answered, `code` where nothing failed. */
export type Outcome = Omit<RefusedCall, 'error'> & {
  readonly terms: CallTerms
  readonly status: number | null
  readonly requestBytes: number
  readonly responseBytes: number
  readonly code: string | null
}

/** What is written down of calls: their facts, in the log and in the metrics. */
export function createCallRecord(ports: Pick<Ports, 'callLog' | 'clock' | 'entropy' | 'metrics'>) {
  return { factsOf, refused }

  /** Writes down a call that was refused before it was sent; only for connectors of the manifest: any other name is the caller's text. */
  function refused(context: RequestContext, call: OutgoingCall, { error, ...begun }: RefusedCall): void {
    if (manifestScope(begun.plugin, call.connectorName) === undefined) return
    const code = error instanceof BrokerError ? error.code : 'internal'
    const nothing = { status: null, requestBytes: declaredBytes(call), responseBytes: 0 }
    ports.callLog.append(redactStrictly(factsOf(context, call, { ...begun, ...nothing, terms: STRICT, code })))
  }

  function factsOf(context: RequestContext, call: OutgoingCall, outcome: Outcome): CallFacts {
    const { plugin, person, version, terms, startedAt, status, requestBytes, responseBytes, code } = outcome
    const durationMs = ports.clock.monotonic() - startedAt
    const answeredBy = status === null ? 'behalf' : 'provider'
    ports.metrics.count('gateway_calls', answeredBy)
    ports.metrics.observe('gateway_seconds', durationMs / 1000)
    return {
      id: ports.entropy.newId<CallId>('cal'),
      orgId: context.organization.id,
      at: ports.clock.now(),
      runId: call.run?.runId ?? null,
      plugin: plugin.definition.name,
      pluginVersion: version,
      launchId: terms.launchId,
      action: call.run?.action ?? null,
      connector: call.connectorName,
      subjectId: person?.id ?? null,
      method: call.method,
      pathTemplate: call.run?.pathTemplate ?? `/${terms.pathPrefix}*`,
      status,
      answeredBy,
      code,
      durationMs: Math.round(durationMs * 10) / 10,
      requestBytes,
      responseBytes,
      requestId: context.requestId,
    }
  }
}

/** The size of a call's body as its caller declared it; 0 where nothing is declared. */
export const declaredBytes = ({ headers }: Pick<OutgoingCall, 'headers'>): number =>
  Number(headerOf(headers, 'content-length') ?? 0) || 0
