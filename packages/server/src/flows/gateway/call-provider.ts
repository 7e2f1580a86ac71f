import type { CallId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { CallFacts } from '../../domain/call-entry.ts'
import type { HeaderPair } from '../../domain/gateway-headers.ts'
import { earlier, type Leased } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Person } from '../../domain/person.ts'
import { manifestScope } from '../../domain/plugin.ts'
import { redactStrictly } from '../../domain/redaction/redact-call.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { UsageCounter } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { type CallTerms, STRICT } from '../log/call-terms.ts'
import { createObserveCall } from '../log/observe-call.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import { createResolveSubject, type NamedSubject } from '../plugin/resolve-subject.ts'
import type { Leases } from '../request/leases.ts'
import { createFreshToken, type FreshToken } from '../token/fresh-token.ts'
import { type Conversation, converse, type Grant } from './converse.ts'
import { createFindConnection } from './find-connection.ts'
import { createStandingGrant } from './standing-grant.ts'

type Needs = Ports & { readonly liveCalls: LiveCalls; readonly leases: Leases; readonly uses: UsageCounter }

/** One gateway call as it arrives. `remainder` is what follows `/gateway/{connector}/`, undecoded, query and all. */
export type GatewayCall = {
  readonly principal: PluginPrincipal
  readonly named: NamedSubject
  readonly connectorName: string
  readonly method: string
  readonly remainder: string
  readonly headers: readonly HeaderPair[]
  readonly body: AsyncIterable<Uint8Array> | undefined
  /** The run that the call belongs to, where an action makes it. */
  readonly run?: { readonly runId: string; readonly action: string; readonly pathTemplate: string }
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

/** What a call's launch lets be kept of it; read when the call begins, and again when it is written down. */
export type ReadTerms = (context: RequestContext, call: GatewayCall, person: Person) => CallTerms | Promise<CallTerms>

/** Sends one call to a provider with the person's own token, injected last, and streams the answer back. */
export function createCallProvider(ports: Needs, readTerms: ReadTerms = () => STRICT) {
  const resolveSubject = createResolveSubject(ports)
  const tools = { leases: ports.leases, find: createFindConnection(ports), freshToken: createFreshToken(ports) }
  const { standingGrant, renewed } = createStandingGrant(ports, tools)
  const observeCall = createObserveCall(ports)

  /** Throws every problem that comes before the provider was asked, and those of asking it. Resolves when the answer's head is on its way. */
  return async function callProvider(
    context: RequestContext,
    call: GatewayCall,
    sink: CallerSink,
  ): Promise<OngoingCall> {
    const startedAt = ports.clock.monotonic()
    let person: Person | null = null
    let isWritten = false
    try {
      const subject = await resolveSubject(context, call.principal, call.named, call.connectorName)
      person = subject.value
      return await carry(context, call, sink, { subject, person, startedAt, onWritten: () => (isWritten = true) })
    } catch (error) {
      if (!isWritten) refused(context, call, { person, startedAt, error })
      throw error
    }
  }

  async function carry(
    context: RequestContext,
    call: GatewayCall,
    sink: CallerSink,
    { subject, person, startedAt, onWritten }: Begun,
  ): Promise<OngoingCall> {
    const asked = { principal: call.principal, connectorName: call.connectorName, person }
    const grant = withWhole(call, subject, await standingGrant(context, asked))
    const { connection, connector } = grant.token
    const terms = await readTerms(context, call, person)
    await ports.connections.touchUsed(context.organization.id, connection.id, ports.clock.now())
    const termsNow = async () => readTerms(context, call, person)
    const observed = observeCall(context, { call, sink, connector, terms }, termsNow)
    observed.uses(grant.token.accessToken)
    const { orgId, id: connectionId, connectorId, subjectId } = connection
    const use = { orgId, connectionId, connectorId, subjectId, pluginId: call.principal.plugin.id }
    const record: Conversation['record'] = (status, responseBytes, code) => {
      onWritten()
      ports.uses.note(use, ports.clock.now(), code !== null || status === null || status >= 500)
      observed.write(factsOf(context, call, { person, terms, startedAt, status, responseBytes, code }))
    }
    const again = async (tokenVersion: number) => {
      const fresh = withWhole(call, subject, await renewed(context, asked, { forceIf: { tokenVersion } }))
      observed.uses(fresh.token.accessToken)
      return fresh
    }
    return converse(ports, { context, call: observed.call, grant, person, record, again, sink: observed.sink })
  }

  // Use ends with the first of what it rests on: the key, the person, the connection.
  function withWhole(call: GatewayCall, subject: Leased<Person>, { value, readAt }: Leased<FreshToken>): Grant {
    return { token: value, readAt: earlier(earlier(call.principal.readAt, subject.readAt), readAt) }
  }

  // Only for connectors of the manifest: any other name is the caller's text.
  function refused(
    context: RequestContext,
    call: GatewayCall,
    {
      person,
      startedAt,
      error,
    }: { readonly person: Person | null; readonly startedAt: number; readonly error: unknown },
  ): void {
    if (manifestScope(call.principal.plugin, call.connectorName) === undefined) return
    const code = error instanceof BrokerError ? error.code : 'internal'
    const outcome = { person, terms: STRICT, startedAt, status: null, responseBytes: 0, code }
    ports.callLog.append(redactStrictly(factsOf(context, call, outcome)))
  }

  function factsOf(
    context: RequestContext,
    call: GatewayCall,
    { person, terms, startedAt, status, responseBytes, code }: Outcome,
  ): CallFacts {
    const durationMs = ports.clock.monotonic() - startedAt
    ports.metrics.count('gateway_calls', status === null ? 'behalf' : 'provider')
    ports.metrics.observe('gateway_seconds', durationMs / 1000)
    return {
      id: ports.entropy.newId<CallId>('cal'),
      orgId: context.organization.id,
      at: ports.clock.now(),
      runId: call.run?.runId ?? null,
      plugin: call.principal.plugin.definition.name,
      pluginVersion: call.principal.plugin.version,
      launchId: terms.launchId,
      action: call.run?.action ?? null,
      connector: call.connectorName,
      subjectId: person?.id ?? null,
      method: call.method,
      pathTemplate: call.run?.pathTemplate ?? `/${terms.pathPrefix}*`,
      status,
      answeredBy: status === null ? 'behalf' : 'provider',
      code,
      durationMs: Math.round(durationMs * 10) / 10,
      requestBytes: Number(call.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0) || 0,
      responseBytes,
      requestId: context.requestId,
    }
  }
}

type Begun = {
  readonly subject: Leased<Person>
  readonly person: Person
  readonly startedAt: number
  readonly onWritten: () => void
}
type Outcome = {
  readonly person: Person | null
  readonly terms: CallTerms
  readonly startedAt: number
  readonly status: number | null
  readonly responseBytes: number
  readonly code: string | null
}
