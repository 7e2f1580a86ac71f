import { BrokerError } from '../../domain/broker-error.ts'
import { anyHolds } from '../../domain/condition.ts'
import type { Connector } from '../../domain/connector.ts'
import { type HeaderPair, responseHeaders, rewriteLocation } from '../../domain/gateway-headers.ts'
import { isLeaseLive, type Moment } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import { rateLimitHeaders } from '../../domain/rate-limit-answer.ts'
import { isRenewable } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { UpstreamCall } from '../../ports/outbound.ts'
import type { Spoken } from '../plugin/speak-for.ts'
import { momentOf } from '../request/leases.ts'
import type { createEndedUses, Use } from '../revoke/ended-uses.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import { targetOf } from '../token/open-client.ts'
import { type Aimed, aim, headerOf } from './aim-call.ts'
import type { CallerSink, OngoingCall, OutgoingCall } from './call-provider.ts'
import { noteNonce, proveCall } from './prove-call.ts'

/** A token and the moment from which it, and the right to use it, were read. */
export type Grant = { readonly token: FreshToken; readonly readAt: Moment }

export type Conversation = {
  readonly context: RequestContext
  readonly call: OutgoingCall
  readonly grant: Grant
  readonly spoken: Spoken
  /** Writes the call log entry, once, at the end. */
  readonly record: (status: number | null, bytes: number, code: string | null) => void
  /** A token other than the rejected one, if there can be one. */
  readonly again: (rejectedVersion: number) => Promise<Grant>
  readonly sink: CallerSink
}

type Refusal = {
  readonly status: number
  readonly headers: readonly HeaderPair[]
  readonly target: Aimed
  readonly chunks: Uint8Array[]
  /** The API wants its nonce in the proof; the token is good (RFC 9449 9). */
  readonly isNonce: boolean
}

const HEAD_MS = 60_000
const IDLE_MS = 120_000

/** Carries one call to the provider and its answer back; a 401 to a call that may be repeated is answered with a renewed token, once. */
export function converse(
  ports: Pick<Ports, 'clock' | 'outbound' | 'provider'> & {
    readonly liveCalls: LiveCalls
    readonly endedUses: ReturnType<typeof createEndedUses>
  },
  conversation: Conversation,
): Promise<OngoingCall> {
  const { context, call, spoken, record, sink } = conversation
  const ended = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<OngoingCall>()
  let upstream: UpstreamCall | undefined
  const { gateway, auth } = conversation.grant.token.connector.definition
  let mayReplay = call.body === undefined && gateway.retryable_methods.some(method => method === call.method)
  let mayProveAgain = auth.dpop !== undefined && call.body === undefined
  let refusal: Refusal | undefined
  let status: number | null = null
  let bytes = 0
  let stopped: string | undefined
  let lapsed = false
  let waits = 0
  let leave = () => {}
  send(conversation.grant)
  return begun.promise

  function send(grant: Grant): void {
    const target = aim(grant.token, call)
    if (auth.dpop === undefined) {
      leaveWith(grant, target)
      return
    }
    proveCall(ports, context, grant.token, { method: call.method, url: target.url }).then(
      proof =>
        stopped === undefined
          ? leaveWith(grant, { ...target, headers: [...target.headers, ...proof] })
          : fail(new BrokerError('connection_required')),
      fail,
    )
  }

  function leaveWith({ token, readAt }: Grant, target: Aimed): void {
    // Noted before the request can leave: a disconnect from here on finds the call and cuts it.
    leave = ports.liveCalls.add({
      ...useOf(token),
      cut(reason) {
        stopped = reason
        upstream?.abort(new Error(reason))
      },
    })
    upstream = ports.outbound.stream(
      {
        target:
          token.credentials === null
            ? { orgSlug: context.organization.slug }
            : targetOf(context, token.connector, token.credentials, 'api'),
        method: call.method,
        url: target.url,
        headers: target.headers,
        ...(call.body === undefined ? {} : { body: whenWritten(call.body) }),
        headDeadlineMs: HEAD_MS,
        idleMs: IDLE_MS,
        mayWrite() {
          if (stopped !== undefined) return false
          lapsed = !isLeaseLive(readAt, momentOf(ports.clock))
          return !lapsed
        },
      },
      {
        onHead(answered, headers) {
          const isNewNonce = auth.dpop !== undefined && noteNonce(token, target.url, headerOf(headers, 'dpop-nonce'))
          if (isNewNonce && mayProveAgain && answered === 401) {
            mayProveAgain = false
            refusal = { status: answered, headers, target, chunks: [], isNonce: true }
            return
          }
          if (
            !mayReplay ||
            !isRefused(answered, headers) ||
            !isRenewable(token.connector.definition, token.connection, ports.clock.now())
          )
            return pass(answered, headers, token.connector, target)
          mayReplay = false
          refusal = { status: answered, headers, target, chunks: [], isNonce: false }
        },
        onData(chunk) {
          if (refusal !== undefined) return keep(refusal, chunk)
          bytes += chunk.length
          return sink.onData(chunk)
        },
        onEnd() {
          leave()
          if (refusal === undefined) end()
          else void replay(token, refusal)
        },
        onError: error => void (lapsed && stopped === undefined ? sendAgain(token) : fail(error)),
      },
    )
  }

  function useOf({ connection }: FreshToken): Use {
    const { id, generation } = connection
    const { plugin, person, keyId } = spoken
    return { orgId: context.organization.id, id, generation, subjectId: person.id, keyId, pluginId: plugin.id }
  }

  // It waited too long for a connection, and nothing of it has left: what it rests on is read again, then it may.
  async function sendAgain(token: FreshToken): Promise<void> {
    leave()
    lapsed = false
    waits += 1
    if (waits > MOST_WAITS)
      return fail(new BrokerError('provider_timeout', { detail: 'No connection became free in time.' }))
    try {
      const readAt = momentOf(ports.clock)
      if ((await ports.endedUses([useOf(token)])).size > 0) stopped = 'its right ended'
      if (stopped !== undefined) return fail(new BrokerError('connection_required'))
      send({ token, readAt })
    } catch (error) {
      fail(error)
    }
  }

  function keep(refused: Refusal, chunk: Uint8Array): boolean {
    // A refusal longer than this is no API error; its head alone is passed on.
    if (refused.chunks.length < MOST_CHUNKS) refused.chunks.push(Uint8Array.from(chunk))
    return true
  }

  // The API no longer takes a token that looked fresh: renew it once, and ask once more.
  async function replay(token: FreshToken, refused: Refusal): Promise<void> {
    refusal = undefined
    if (refused.isNonce) return sendAgain(token)
    try {
      const renewed = await conversation.again(token.connection.tokenVersion)
      if (renewed.token.connection.tokenVersion !== token.connection.tokenVersion) return send(renewed)
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code !== 'provider_unavailable') return fail(error)
    }
    const whole = refused.headers.filter(([name]) => !/^content-length$/i.test(name))
    pass(refused.status, whole, token.connector, refused.target)
    for (const chunk of refused.chunks) {
      bytes += chunk.length
      sink.onData(chunk)
    }
    end()
  }

  function isRefused(answered: number, headers: readonly HeaderPair[]): boolean {
    return anyHolds(gateway.unauthorized, { status: answered, header: name => headerOf(headers, name.toLowerCase()) })
  }

  function pass(answered: number, headers: readonly HeaderPair[], connector: Connector, { url, baseUrl }: Aimed): void {
    status = answered
    const location =
      baseUrl === null ? null : rewriteLocation(headers, { baseUrl, url, gatewayPath: `/gateway/${connector.name}/` })
    const limits = rateLimitHeaders(gateway.rate_limit, answered, headers, ports.clock.now())
    const onward = responseHeaders(headers, { requestId: context.requestId, location })
    sink.onHead(answered, limits.length === 0 ? onward : [...onward, ...limits])
    begun.resolve({
      resume: () => upstream?.resume(),
      abort: () => upstream?.abort(LEFT),
      done: ended.promise,
    })
  }

  function end(): void {
    record(status, bytes, null)
    sink.onEnd()
    ended.resolve()
  }

  function fail(error: unknown): void {
    leave()
    const told =
      stopped === undefined
        ? error
        : new BrokerError('connection_required', { detail: 'The connection ended meanwhile.' })
    record(status, bytes, told instanceof BrokerError ? told.code : 'internal')
    if (status === null) begun.reject(told)
    else sink.onCut()
    ended.resolve()
  }
}

const LEFT = new Error('the caller left')
const MOST_CHUNKS = 64
const MOST_WAITS = 20

/** A body of which nothing is taken before its first byte is asked for: a request that may not be written leaves it whole. */
async function* whenWritten(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* body
}
