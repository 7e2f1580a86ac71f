import type { CallId } from '@behalf/contract'
import type { Connector } from '../../domain/connector.ts'
import type { HeaderPair } from '../../domain/gateway-headers.ts'
import { earlier, type Leased } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Person } from '../../domain/person.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import { createResolveSubject, type NamedSubject } from '../plugin/resolve-subject.ts'
import type { Leases } from '../request/leases.ts'
import { createFreshToken, type FreshToken } from '../token/fresh-token.ts'
import { type Conversation, converse, type Grant } from './converse.ts'
import { createFindConnection } from './find-connection.ts'
import { createStandingGrant } from './standing-grant.ts'

type Needs = Ports & { readonly liveCalls: LiveCalls; readonly leases: Leases }

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
  const tools = { leases: ports.leases, find: createFindConnection(ports), freshToken: createFreshToken(ports) }
  const { standingGrant, renewed } = createStandingGrant(ports, tools)

  /** Throws every problem that comes before the provider was asked, and those of asking it. Resolves when the answer's head is on its way. */
  return async function callProvider(
    context: RequestContext,
    call: GatewayCall,
    sink: CallerSink,
  ): Promise<OngoingCall> {
    const startedAt = ports.clock.monotonic()
    const subject = await resolveSubject(context, call.principal, call.named, call.connectorName)
    const asked = { principal: call.principal, connectorName: call.connectorName, person: subject.value }
    const grant = withWhole(call, subject, await standingGrant(context, asked))
    const { connection, connector } = grant.token
    await ports.connections.touchUsed(context.organization.id, connection.id, ports.clock.now())
    const record = recorder(context, call, subject.value, connector, startedAt)
    const again = async (tokenVersion: number) =>
      withWhole(call, subject, await renewed(context, asked, { forceIf: { tokenVersion } }))
    return converse(ports, { context, call, grant, person: subject.value, record, again, sink })
  }

  // Use ends with the first of what it rests on: the key, the person, the connection.
  function withWhole(call: GatewayCall, subject: Leased<Person>, { value, readAt }: Leased<FreshToken>): Grant {
    return { token: value, readAt: earlier(earlier(call.principal.readAt, subject.readAt), readAt) }
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
