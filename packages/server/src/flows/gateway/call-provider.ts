import { BrokerError } from '../../domain/broker-error.ts'
import { headerOf } from '../../domain/flat-headers.ts'
import { earlier, type Leased } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { NowOrLater } from '../../domain/now-or-later.ts'
import { allowedPrefix, manifestEntry } from '../../domain/plugin.ts'
import { redactStrictly } from '../../domain/redaction/redact-call.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { UsageCounter } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched, type Launched } from '../launch/launched.ts'
import { type CallTerms, STRICT } from '../log/call-terms.ts'
import { createObserveCall } from '../log/observe-call.ts'
import { createWindowTerms } from '../log/window-terms.ts'
import { createKnownRight, type KnownRight } from '../plugin/known-right.ts'
import { createSpeakFor, type Spoken } from '../plugin/speak-for.ts'
import type { Leases } from '../request/leases.ts'
import { createRecheckUse } from '../revoke/recheck-use.ts'
import { openExtraTokens } from '../token/extra-tokens.ts'
import { createFreshToken, type FreshToken } from '../token/fresh-token.ts'
import type { RefreshNeeds } from '../token/refresh-under-lease.ts'
import { createCallRecord } from './call-record.ts'
import { Conversation } from './conversation.ts'
import { createFindConnection } from './find-connection.ts'
import type { CallerSink, GatewayCall, OngoingCall, OutgoingCall } from './outgoing-call.ts'
import { createStandingGrant } from './standing-grant.ts'
import type { Ended, Grant, Talk } from './talk.ts'

type Needs = Ports &
  RefreshNeeds & { readonly liveCalls: LiveCalls; readonly leases: Leases; readonly uses: UsageCounter }

/**
 * Sends one call to a provider with the person's own token, injected last, and streams the answer back. What rests on readings under a cache lease
 * goes out at once, without a promise. Every problem reaches the caller's sink: those that come before the provider was asked, and those of asking it.
 */
export function createCallProvider(ports: Needs) {
  const speakFor = createSpeakFor(ports)
  const { launchedTo } = createLaunched(ports)
  const tools = { leases: ports.leases, find: createFindConnection(ports), freshToken: createFreshToken(ports) }
  const { standingGrant, renewed } = createStandingGrant(ports, tools)
  const knownRight = createKnownRight(ports)
  const observeCall = createObserveCall(ports)
  const windowTerms = createWindowTerms(ports)
  const { factsOf, refused } = createCallRecord(ports)
  const talkNeeds = { ...ports, recheckUse: createRecheckUse(ports), record, again }
  return { callProvider, sendCall, noteRefused }

  /** A call as it arrives. */
  function callProvider(context: RequestContext, call: GatewayCall, sink: CallerSink): OngoingCall {
    const startedAt = ports.clock.monotonic()
    const known = knownRight(context, call)
    const begin =
      'grant' in known
        ? () => carry(context, call, sink, { spoken: known.spoken, startedAt }, known.grant)
        : () => authorized(context, call, sink, startedAt, known)
    return ongoing(begin, sink)
  }

  /** The same once it is known for whom the plugin speaks. */
  function sendCall(context: RequestContext, call: OutgoingCall, spoken: Spoken, sink: CallerSink): OngoingCall {
    const startedAt = ports.clock.monotonic()
    return ongoing(() => granted(context, call, sink, { spoken, startedAt }), sink)
  }

  async function authorized(
    context: RequestContext,
    call: GatewayCall,
    sink: CallerSink,
    startedAt: number,
    known: Exclude<KnownRight, { readonly grant: unknown }>,
  ): Promise<Conversation> {
    let spoken: Spoken
    try {
      spoken = await speakFor(context, call.principal, call.named, call.connectorName)
    } catch (error) {
      refused(context, call, { plugin: call.principal.plugin, person: null, version: null, startedAt, error })
      throw error
    }
    return granted(context, call, sink, { spoken, startedAt }, found => known.keep(spoken, found))
  }

  async function granted(
    context: RequestContext,
    call: OutgoingCall,
    sink: CallerSink,
    begun: Begun,
    keep?: (found: Leased<FreshToken>) => void,
  ): Promise<Conversation> {
    let found: Leased<FreshToken>
    try {
      found = await standingGrant(context, { spoken: begun.spoken, connectorName: call.connectorName })
      keep?.(found)
    } catch (error) {
      throw noted(context, call, begun, error)
    }
    return carry(context, call, sink, begun, found)
  }

  function carry(
    context: RequestContext,
    call: OutgoingCall,
    sink: CallerSink,
    begun: Begun,
    found: Leased<FreshToken>,
  ): NowOrLater<Conversation> {
    try {
      const { spoken, startedAt } = begun
      const pathPrefix = prefixOf(spoken, call)
      const terms = windowTerms(context, spoken, termsOf(spoken.launched, pathPrefix))
      const grant = withNamedToken(call, withWhole(spoken, found))
      if (!(terms instanceof Promise) && !(grant instanceof Promise))
        return start({ context, call, sink, spoken, terms, startedAt }, grant)
      return Promise.all([terms, grant])
        .then(([known, whole]) => start({ context, call, sink, spoken, terms: known, startedAt }, whole))
        .catch(error => {
          throw noted(context, call, begun, error)
        })
    } catch (error) {
      throw noted(context, call, begun, error)
    }
  }

  function start(talk: Omit<Talk, 'observed'>, grant: Grant): Conversation {
    const { context, spoken, terms } = talk
    const { connection, connector } = grant.token
    ports.connections.touchUsed(context.organization.id, connection.id, ports.clock.now())
    // Under strict there is nothing to look at on the way.
    const observed =
      terms.redaction === 'strict'
        ? undefined
        : observeCall({ call: talk.call, sink: talk.sink, connector, terms }, () =>
            termsNow(context, spoken, terms.pathPrefix),
          )
    observed?.uses(grant.token.accessToken)
    const conversation = new Conversation(talkNeeds, { ...talk, observed })
    conversation.begin(grant)
    return conversation
  }

  function record(
    { context, call, spoken, terms, startedAt, observed }: Talk,
    { token, status, requestBytes, responseBytes, code }: Ended,
  ): void {
    const { plugin, person, launched } = spoken
    const { orgId, id: connectionId, connectorId, subjectId } = token.connection
    const use = { orgId, connectionId, connectorId, subjectId, pluginId: plugin.id }
    ports.uses.note(use, ports.clock.now(), code !== null || status === null || status >= 500)
    const outcome = {
      plugin,
      person,
      version: launched.version,
      terms,
      startedAt,
      status,
      requestBytes,
      responseBytes,
      code,
    }
    const facts = factsOf(context, call, outcome)
    if (observed === undefined) ports.callLog.append(redactStrictly(facts))
    else observed.write(facts)
  }

  async function again({ context, call, spoken, observed }: Talk, tokenVersion: number): Promise<Grant> {
    const asked = { spoken, connectorName: call.connectorName }
    const whole = withWhole(spoken, await renewed(context, asked, { forceIf: { tokenVersion } }))
    const fresh = await withNamedToken(call, whole)
    observed?.uses(fresh.token.accessToken)
    return fresh
  }

  /** One of the connection's further tokens where the call names it in `Behalf-Token`. Throws `invalid_request`. */
  function withNamedToken(call: OutgoingCall, grant: Grant): NowOrLater<Grant> {
    const name = headerOf(call.headers, 'behalf-token')
    if (name === undefined) return grant
    return openExtraTokens(ports, grant.token.connection).then(tokens => {
      const accessToken = Object.hasOwn(tokens, name) ? tokens[name] : undefined
      if (accessToken !== undefined) return { ...grant, token: { ...grant.token, accessToken } }
      throw new BrokerError('invalid_request', { detail: 'The connection has no token of this name.' })
    })
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
    noted(context, call, { spoken, startedAt: ports.clock.monotonic() }, error)
  }

  function noted(context: RequestContext, call: OutgoingCall, { spoken, startedAt }: Begun, error: unknown): unknown {
    const { plugin, person, launched } = spoken
    refused(context, call, { plugin, person, version: launched.version, startedAt, error })
    return error
  }
}

type Begun = { readonly spoken: Spoken; readonly startedAt: number }

const termsOf = ({ policy, launchId }: Launched, pathPrefix: string): CallTerms => ({
  redaction: policy,
  launchId,
  pathPrefix,
})

/** A call that has begun, or one that begins later: what its caller asks of it meanwhile counts from then on. */
function ongoing(begin: () => NowOrLater<OngoingCall>, sink: CallerSink): OngoingCall {
  try {
    const begun = begin()
    return begun instanceof Promise ? pending(begun, sink) : begun
  } catch (error) {
    sink.onFailed(error)
    return ENDED
  }
}

function pending(begun: Promise<OngoingCall>, sink: CallerSink): OngoingCall {
  let call: OngoingCall | undefined
  let hasLeft = false
  begun.then(
    its => {
      call = its
      if (hasLeft) its.abort()
    },
    error => sink.onFailed(error),
  )
  return {
    resume: () => call?.resume(),
    abort() {
      hasLeft = true
      call?.abort()
    },
  }
}

const ENDED: OngoingCall = { resume: () => {}, abort: () => {} }
