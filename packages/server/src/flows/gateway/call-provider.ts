import type { CallId } from '@behalf/contract'
import type { Connector } from '../../domain/connector.ts'
import type { HeaderPair } from '../../domain/gateway-headers.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Person } from '../../domain/person.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import { createResolveSubject, type NamedSubject } from '../plugin/resolve-subject.ts'
import { createFreshToken } from '../token/fresh-token.ts'
import { aim } from './aim-call.ts'
import { type Conversation, converse } from './converse.ts'
import { createFindConnection } from './find-connection.ts'

type Needs = Ports & { readonly liveCalls: LiveCalls }

/** One gateway call as it arrives. `remainder` is what follows `/gateway/{connector}/`, undecoded, query and all. */
export type GatewayCall = {
  readonly principal: PluginPrincipal
  readonly named: NamedSubject
  readonly connectorName: string
  readonly method: string
  readonly remainder: string
  readonly headers: readonly HeaderPair[]
  readonly body: AsyncIterable<Uint8Array> | undefined
}

/** Where the provider's answer goes; `onData` returns false to pause until the call's `resume`. */
export type CallerSink = {
  onHead(status: number, headers: readonly string[]): void
  onData(chunk: Uint8Array): boolean
  onEnd(): void
  /** After the head nothing can be said any more: the caller's connection is to be cut. */
  onCut(): void
}

export type OngoingCall = { resume(): void; abort(): void; readonly done: Promise<void> }

/** Sends one call to a provider with the person's own token, injected last, and streams the answer back. */
export function createCallProvider(ports: Needs) {
  const resolveSubject = createResolveSubject(ports)
  const { findConnector, findConnection, leadingOn } = createFindConnection(ports)
  const freshToken = createFreshToken(ports)

  /** Throws every problem that comes before the provider was asked, and those of asking it. Resolves when the answer's head is on its way. */
  return async function callProvider(
    context: RequestContext,
    call: GatewayCall,
    sink: CallerSink,
  ): Promise<OngoingCall> {
    const startedAt = ports.clock.monotonic()
    const person = await resolveSubject(context, call.principal, call.named, call.connectorName)
    const connector = await findConnector(context, call.principal, call.connectorName, person)
    const { connection } = await findConnection(context, call.principal, connector, person)
    const about = { principal: call.principal, connector, person, connection }
    const fresh = async (options?: Parameters<typeof freshToken>[2]) => {
      try {
        return await freshToken(context, connection.id, options)
      } catch (error) {
        throw await leadingOn(context, error, about)
      }
    }
    // A call that may not be made is refused before a token is opened.
    aim(connector, call, secret(''))
    const token = await fresh()
    await ports.connections.touchUsed(context.organization.id, connection.id, ports.clock.now())
    const record = recorder(context, call, person, connector, startedAt)
    const again = (tokenVersion: number) => fresh({ forceIf: { tokenVersion } })
    return converse(ports, { context, call, token, person, record, again, sink })
  }

  function recorder(
    context: RequestContext,
    call: GatewayCall,
    person: Person,
    connector: Connector,
    startedAt: number,
  ): Conversation['record'] {
    return (status, responseBytes, code) => {
      const durationMs = ports.clock.monotonic() - startedAt
      const now = ports.clock.now()
      ports.metrics.count('gateway_calls', status === null ? 'behalf' : 'provider')
      ports.metrics.observe('gateway_seconds', durationMs / 1000)
      ports.callLog.append({
        id: ports.entropy.newId<CallId>('cal'),
        orgId: context.organization.id,
        at: now,
        plugin: call.principal.plugin.definition.name,
        connector: connector.name,
        subjectId: person.id,
        method: call.method,
        pathTemplate: '/*',
        status,
        answeredBy: status === null ? 'behalf' : 'provider',
        code,
        durationMs: Math.round(durationMs * 10) / 10,
        requestBytes: Number(call.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0) || 0,
        responseBytes,
        requestId: context.requestId,
      })
    }
  }
}
