import type { CallId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { CallFacts } from '../../domain/call-entry.ts'
import type { HeaderPair } from '../../domain/gateway-headers.ts'
import { earlier, type Leased } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Person } from '../../domain/person.ts'
import { allowedPrefix, manifestEntry, manifestScope, type Plugin } from '../../domain/plugin.ts'
import { redactStrictly } from '../../domain/redaction/redact-call.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { UsageCounter } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched, type Launched } from '../launch/launched.ts'
import { type CallTerms, STRICT } from '../log/call-terms.ts'
import { createObserveCall } from '../log/observe-call.ts'
import { createWindowTerms } from '../log/window-terms.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import { createKnownRight } from '../plugin/known-right.ts'
import type { NamedSubject } from '../plugin/resolve-subject.ts'
import { createSpeakFor, type Spoken } from '../plugin/speak-for.ts'
import type { Leases } from '../request/leases.ts'
import { createEndedUses } from '../revoke/ended-uses.ts'
import { openExtraTokens } from '../token/extra-tokens.ts'
import { createFreshToken, type FreshToken } from '../token/fresh-token.ts'
import { headerOf } from './aim-call.ts'
import { type Conversation, converse, type Grant } from './converse.ts'
import { createFindConnection } from './find-connection.ts'
import { createStandingGrant } from './standing-grant.ts'

type Needs = Ports & { readonly liveCalls: LiveCalls; readonly leases: Leases; readonly uses: UsageCounter }

/** One gateway call as it arrives. `remainder` is what follows `/gateway/{connector}/`, undecoded, query and all. */
export type GatewayCall = OutgoingCall & { readonly principal: PluginPrincipal }

/** A call once it is known which plugin makes it. */
export type OutgoingCall = {
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

/** Sends one call to a provider with the person's own token, injected last, and streams the answer back. */
export function createCallProvider(ports: Needs) {
  const speakFor = createSpeakFor(ports)
  const { launchedTo } = createLaunched(ports)
  const tools = { leases: ports.leases, find: createFindConnection(ports), freshToken: createFreshToken(ports) }
  const { standingGrant, renewed } = createStandingGrant(ports, tools)
  const talkNeeds = { ...ports, endedUses: createEndedUses(ports) }
  const knownRight = createKnownRight(ports)
  const observeCall = createObserveCall(ports)
  const windowTerms = createWindowTerms(ports)
  return { callProvider, sendCall, noteRefused }

  /** Throws every problem that comes before the provider was asked, and those of asking it. Resolves when the answer's head is on its way. */
  async function callProvider(context: RequestContext, call: GatewayCall, sink: CallerSink): Promise<OngoingCall> {
    const startedAt = ports.clock.monotonic()
    const known = knownRight(context, call)
    if ('grant' in known) return sendCall(context, call, known.spoken, sink, { startedAt, grant: () => known.grant })
    let spoken: Spoken | undefined
    try {
      spoken = await speakFor(context, call.principal, call.named, call.connectorName)
    } catch (error) {
      refused(context, call, { plugin: call.principal.plugin, person: null, version: null, startedAt, error })
      throw error
    }
    const asked = { spoken, connectorName: call.connectorName }
    const grant = async () => {
      const found = await standingGrant(context, asked)
      known.keep(asked.spoken, found)
      return found
    }
    return sendCall(context, call, spoken, sink, { startedAt, grant })
  }

  /** The same once it is known for whom the plugin speaks. */
  async function sendCall(
    context: RequestContext,
    call: OutgoingCall,
    spoken: Spoken,
    sink: CallerSink,
    begun: Begun = {
      startedAt: ports.clock.monotonic(),
      grant: () => standingGrant(context, { spoken, connectorName: call.connectorName }),
    },
  ): Promise<OngoingCall> {
    let isWritten = false
    try {
      return await carry(context, call, sink, { ...begun, spoken, onWritten: () => (isWritten = true) })
    } catch (error) {
      const { startedAt } = begun
      const { plugin, person, launched } = spoken
      if (!isWritten) refused(context, call, { plugin, person, version: launched.version, startedAt, error })
      throw error
    }
  }

  async function carry(
    context: RequestContext,
    call: OutgoingCall,
    sink: CallerSink,
    { spoken, startedAt, grant: grantOf, onWritten }: Carried,
  ): Promise<OngoingCall> {
    const pathPrefix = prefixOf(spoken, call)
    const grant = await withNamedToken(call, withWhole(spoken, await grantOf()))
    const { connection, connector } = grant.token
    const terms = await windowTerms(context, spoken, termsOf(spoken.launched, pathPrefix))
    await ports.connections.touchUsed(context.organization.id, connection.id, ports.clock.now())
    const sized = counted(call)
    const observed = observeCall({ call: sized.call, sink, connector, terms }, () =>
      termsNow(context, spoken, pathPrefix),
    )
    observed.uses(grant.token.accessToken)
    const { plugin, person, launched } = spoken
    const { orgId, id: connectionId, connectorId, subjectId } = connection
    const use = { orgId, connectionId, connectorId, subjectId, pluginId: plugin.id }
    const record: Conversation['record'] = (status, responseBytes, code) => {
      onWritten()
      ports.uses.note(use, ports.clock.now(), code !== null || status === null || status >= 500)
      const outcome = { plugin, person, version: launched.version, terms, startedAt, status, responseBytes, code }
      observed.write({ ...factsOf(context, call, outcome), requestBytes: sized.bytes() })
    }
    const again = async (tokenVersion: number) => {
      const asked = { spoken, connectorName: call.connectorName }
      const whole = withWhole(spoken, await renewed(context, asked, { forceIf: { tokenVersion } }))
      const fresh = await withNamedToken(call, whole)
      observed.uses(fresh.token.accessToken)
      return fresh
    }
    const talk = { context, call: observed.call, grant, spoken, record, again, sink: observed.sink }
    return converse(talkNeeds, talk)
  }

  /** One of the connection's further tokens where the call names it in `Behalf-Token`. Throws `invalid_request`. */
  async function withNamedToken(call: OutgoingCall, grant: Grant): Promise<Grant> {
    const name = headerOf(call.headers, 'behalf-token')
    if (name === undefined) return grant
    const tokens = await openExtraTokens(ports, grant.token.connection)
    const accessToken = Object.hasOwn(tokens, name) ? tokens[name] : undefined
    if (accessToken === undefined)
      throw new BrokerError('invalid_request', { detail: 'The connection has no token of this name.' })
    return { ...grant, token: { ...grant.token, accessToken } }
  }

  // A launch that came or went meanwhile counts: what no launch reaches any more is strict.
  async function termsNow(context: RequestContext, spoken: Spoken, pathPrefix: string): Promise<CallTerms> {
    const { plugin, person } = spoken
    const now = await launchedTo(context, plugin, person).catch(error => {
      if (error instanceof BrokerError) return undefined
      throw error
    })
    return now === undefined ? STRICT : windowTerms(context, spoken, termsOf(now.value, pathPrefix))
  }

  // A connector that is not in the manifest is not there at all; a method or a path that is not, is refused.
  function prefixOf({ plugin }: Spoken, { connectorName, method, remainder }: OutgoingCall): string {
    const entry = manifestEntry(plugin, connectorName)
    if (entry === undefined) return ''
    const prefix = allowedPrefix(entry, method, remainder)
    if (prefix === undefined)
      throw new BrokerError('target_not_allowed', {
        detail: 'The plugin’s manifest does not name this method and path.',
      })
    return prefix === '/' ? '' : `${prefix.slice(1)}/`
  }

  // Use ends with the first of what it rests on: the key, the person, the launch, the connection.
  function withWhole(spoken: Spoken, { value, readAt }: Leased<FreshToken>): Grant {
    return { token: value, readAt: earlier(spoken.readAt, readAt) }
  }

  /** Writes a call down that was refused before it was sent. */
  function noteRefused(context: RequestContext, call: OutgoingCall, spoken: Spoken, error: unknown): void {
    const { plugin, person, launched } = spoken
    const startedAt = ports.clock.monotonic()
    refused(context, call, { plugin, person, version: launched.version, startedAt, error })
  }

  // Only for connectors of the manifest: any other name is the caller's text.
  function refused(
    context: RequestContext,
    call: OutgoingCall,
    { error, ...begun }: Pick<Outcome, 'plugin' | 'person' | 'version' | 'startedAt'> & { readonly error: unknown },
  ): void {
    if (manifestScope(begun.plugin, call.connectorName) === undefined) return
    const code = error instanceof BrokerError ? error.code : 'internal'
    const outcome = { ...begun, terms: STRICT, status: null, responseBytes: 0, code }
    ports.callLog.append(redactStrictly(factsOf(context, call, outcome)))
  }

  function factsOf(
    context: RequestContext,
    call: OutgoingCall,
    { plugin, person, version, terms, startedAt, status, responseBytes, code }: Outcome,
  ): CallFacts {
    const durationMs = ports.clock.monotonic() - startedAt
    ports.metrics.count('gateway_calls', status === null ? 'behalf' : 'provider')
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
      answeredBy: status === null ? 'behalf' : 'provider',
      code,
      durationMs: Math.round(durationMs * 10) / 10,
      requestBytes: declaredBytes(call),
      responseBytes,
      requestId: context.requestId,
    }
  }
}

const declaredBytes = ({ headers }: OutgoingCall): number => Number(headerOf(headers, 'content-length') ?? 0) || 0

/** A call with the size of its body: as declared, or what has left of one that says none beforehand. */
function counted(call: OutgoingCall): { readonly call: OutgoingCall; bytes(): number } {
  const { body } = call
  if (body === undefined || headerOf(call.headers, 'content-length') !== undefined)
    return { call, bytes: () => declaredBytes(call) }
  let sent = 0
  async function* counting(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      sent += chunk.length
      yield chunk
    }
  }
  return { call: { ...call, body: counting(body) }, bytes: () => sent }
}

const termsOf = ({ policy, launchId }: Launched, pathPrefix: string): CallTerms => ({
  redaction: policy,
  launchId,
  pathPrefix,
})

type Begun = {
  readonly startedAt: number
  readonly grant: () => Leased<FreshToken> | Promise<Leased<FreshToken>>
}
type Carried = Begun & { readonly spoken: Spoken; readonly onWritten: () => void }
type Outcome = {
  readonly plugin: Plugin
  readonly person: Person | null
  /** The version that was launched to the person. */
  readonly version: number | null
  readonly terms: CallTerms
  readonly startedAt: number
  readonly status: number | null
  readonly responseBytes: number
  readonly code: string | null
}
