import { BrokerError } from '../../domain/broker-error.ts'
import { anyHolds } from '../../domain/condition.ts'
import { type FlatHeaders, headerOf, withoutHeader } from '../../domain/flat-headers.ts'
import { responseHeaders, rewriteLocation } from '../../domain/gateway-headers.ts'
import { isLeaseLive, type Moment } from '../../domain/leased-values.ts'
import { type LiveCall, type LiveEnd, problemOf } from '../../domain/live-calls.ts'
import { mayTellInBody, rateLimitHeaders } from '../../domain/rate-limit-answer.ts'
import { isRenewable } from '../../domain/renewal.ts'
import type { UpstreamCall, UpstreamSink } from '../../ports/outbound.ts'
import { momentOf } from '../request/leases.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import { targetOf } from '../token/open-client.ts'
import { type Aimed, aim } from './aim-call.ts'
import { declaredBytes } from './call-record.ts'
import { type HeldAnswer, holdAnswer } from './hold-answer.ts'
import { type HeldLimits, holdLimits } from './hold-limits.ts'
import type { CallerSink, OngoingCall } from './outgoing-call.ts'
import { noteNonce, proveCall } from './prove-call.ts'
import type { ConversationNeeds, Grant, Refusal, Talk } from './talk.ts'

const MOST_CHUNKS = 64

/**
 * Carries one call to the provider and its answer back; a 401 to a call that may be repeated is answered with a renewed token, once. A class,
 * because each call makes one: a closure for each of its steps would cost more than the steps.
 */
export class Conversation implements OngoingCall, UpstreamSink {
  readonly #needs: ConversationNeeds
  readonly #talk: Talk
  /** The caller's, or what looks at the answer on its way there. */
  readonly #sink: CallerSink
  #grant: Grant | undefined
  #target: Aimed | undefined
  #live: LiveCall | undefined
  #upstream: UpstreamCall | undefined
  #mayReplay = false
  #mayProveAgain = false
  #refusal: Refusal | undefined
  #held: HeldAnswer | undefined
  #limits: HeldLimits | undefined
  #overLimit: BrokerError | undefined
  #status: number | null = null
  #sentBytes = 0
  #bytes = 0
  #stopped: LiveEnd | undefined
  #lapsed = false
  /** When its answer's head is due, however often it had to wait for a connection. */
  #headDueAt: number | undefined

  constructor(needs: ConversationNeeds, talk: Talk) {
    this.#needs = needs
    this.#talk = talk
    this.#sink = talk.observed?.sink ?? talk.sink
  }

  /** Sends the call. Throws what stands in its way before it is sent: `target_not_allowed`, `connector_misconfigured`, `body_too_large`. */
  begin(grant: Grant): void {
    const { call } = this.#talk
    const { gateway, auth } = grant.token.connector.definition
    const isWhole = call.body === undefined
    this.#mayReplay = isWhole && (gateway.retryable_methods as readonly string[]).includes(call.method)
    this.#mayProveAgain = isWhole && auth.dpop !== undefined
    this.#send(grant)
  }

  resume(): void {
    this.#upstream?.resume()
  }

  abort(): void {
    this.#upstream?.abort(new Error('the caller left'))
  }

  onHead(status: number, headers: FlatHeaders): void {
    const { token } = this.#grantOf()
    const { auth } = token.connector.definition
    const nonce = auth.dpop === undefined ? undefined : headerOf(headers, 'dpop-nonce')
    const isNewNonce = nonce !== undefined && noteNonce(token, this.#targetOf().url, nonce)
    if (isNewNonce && this.#mayProveAgain && status === 401) {
      this.#mayProveAgain = false
      this.#refusal = { status, headers, chunks: [], isNonce: true }
    } else if (this.#mayReplay && this.#isRefused(status, headers, token)) {
      this.#mayReplay = false
      this.#refusal = { status, headers, chunks: [], isNonce: false }
    } else this.#pass(status, headers)
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#refusal !== undefined) {
      // A refusal longer than this is no API error; its head alone is passed on.
      if (this.#refusal.chunks.length < MOST_CHUNKS) this.#refusal.chunks.push(Uint8Array.from(chunk))
      return true
    }
    if (this.#held === undefined) return this.#onward(chunk)
    if (!this.#held.take(chunk)) this.#release(this.#held)
    return true
  }

  onEnd(): void {
    this.#leave()
    if (this.#held !== undefined) this.#release(this.#held)
    if (this.#refusal === undefined) this.#end()
    else this.#replay(this.#refusal).catch(error => this.#fail(error))
  }

  onError(error: unknown): void {
    if (this.#lapsed && this.#stopped === undefined) void this.#sendAgain()
    else this.#fail(error)
  }

  #send(grant: Grant): void {
    this.#grant = grant
    const { auth, gateway } = grant.token.connector.definition
    const target = aim(grant.token, this.#talk.call)
    this.#limits ??= holdLimits(this.#needs, gateway.limits, declaredBytes(this.#talk.call), error => {
      this.#overLimit ??= error
      this.#upstream?.abort(error)
    })
    if (auth.dpop === undefined) this.#leaveWith(grant, target)
    else this.#proveAndLeave(grant, target)
  }

  #proveAndLeave(grant: Grant, target: Aimed): void {
    const { context, call } = this.#talk
    proveCall(this.#needs, context, grant.token, { method: call.method, url: target.url }).then(
      proof =>
        this.#stopped === undefined
          ? this.#leaveWith(grant, { ...target, headers: [...target.headers, ...proof] })
          : this.#fail(undefined),
      error => this.#fail(error),
    )
  }

  #leaveWith({ token, readAt }: Grant, target: Aimed): void {
    const { context, call } = this.#talk
    const { limits } = token.connector.definition.gateway
    this.#target = target
    // Noted before the request can leave: a disconnect from here on finds the call and cuts it.
    this.#live = this.#liveCall(token)
    this.#needs.liveCalls.add(this.#live)
    const { body } = this.#talk.observed?.call ?? call
    const now = this.#needs.clock.monotonic()
    this.#headDueAt ??= now + limits.head_s * 1000
    this.#upstream = this.#needs.outbound.stream(
      {
        target:
          token.credentials === null
            ? { orgSlug: context.organization.slug }
            : targetOf(context, token.connector, token.credentials, 'api'),
        method: call.method,
        url: target.url,
        headers: target.headers,
        ...(body === undefined ? undefined : { body: this.#whenWritten(body) }),
        headDeadlineMs: Math.max(0, this.#headDueAt - now),
        idleMs: limits.idle_s * 1000,
        mayWrite: () => this.#mayWrite(readAt),
      },
      this,
    )
  }

  #mayWrite(readAt: Moment): boolean {
    if (this.#stopped !== undefined) return false
    this.#lapsed = !isLeaseLive(readAt, momentOf(this.#needs.clock))
    return !this.#lapsed
  }

  #liveCall({ connection }: FreshToken): LiveCall {
    const { plugin, person, keyId } = this.#talk.spoken
    return {
      orgId: this.#talk.context.organization.id,
      id: connection.id,
      generation: connection.generation,
      subjectId: person.id,
      keyId,
      pluginId: plugin.id,
      cut: why => {
        this.#stopped = why
        this.#upstream?.abort(new Error(why))
      },
    }
  }

  #leave(): void {
    if (this.#live !== undefined) this.#needs.liveCalls.remove(this.#live)
    this.#live = undefined
  }

  /** A body of which nothing is taken before its first byte is asked for: a request that may not be written leaves it whole. */
  async *#whenWritten(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of body) {
      this.#sentBytes += chunk.length
      this.#limits?.admitBody(this.#sentBytes)
      yield chunk
    }
  }

  // It waited too long for a connection, and nothing of it has left: what it rests on is read again, then it may.
  async #sendAgain(): Promise<void> {
    const { token } = this.#grantOf()
    this.#leave()
    this.#lapsed = false
    try {
      const { hasEnded, readAt } = await this.#needs.recheckUse(this.#liveCall(token))
      if (hasEnded) this.#stopped = 'ended'
      if (this.#stopped !== undefined) this.#fail(undefined)
      else if (this.#headDueAt !== undefined && this.#needs.clock.monotonic() >= this.#headDueAt)
        this.#fail(new BrokerError('provider_timeout', { detail: 'No connection became free in time.' }))
      else this.#send({ token, readAt })
    } catch (error) {
      this.#fail(error)
    }
  }

  // The API no longer takes a token that looked fresh: renew it once, and ask once more.
  async #replay(refused: Refusal): Promise<void> {
    const { token } = this.#grantOf()
    this.#refusal = undefined
    this.#headDueAt = undefined
    if (refused.isNonce) return this.#sendAgain()
    try {
      const renewed = await this.#needs.again(this.#talk, token.connection.tokenVersion)
      if (renewed.token.connection.tokenVersion !== token.connection.tokenVersion) return this.#send(renewed)
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code !== 'provider_unavailable') return this.#fail(error)
    }
    this.#passOn(refused.status, withoutHeader(refused.headers, 'content-length'))
    for (const chunk of refused.chunks) this.#onward(chunk)
    this.#end()
  }

  #isRefused(status: number, headers: FlatHeaders, { connector, connection }: FreshToken): boolean {
    const { definition } = connector
    const answered = { status, header: (name: string) => headerOf(headers, name.toLowerCase()) }
    if (!anyHolds(definition.gateway.unauthorized, answered)) return false
    return isRenewable(definition, connection, this.#needs.clock.now())
  }

  #pass(status: number, headers: FlatHeaders): void {
    const { rate_limit } = this.#grantOf().token.connector.definition.gateway
    if (mayTellInBody(rate_limit, status, headers)) this.#held = holdAnswer(this.#needs, status, headers)
    else this.#passOn(status, headers)
  }

  #release(held: HeldAnswer): void {
    this.#held = undefined
    this.#passOn(held.status, held.headers, held.document())
    for (const chunk of held.chunks) this.#onward(chunk)
  }

  #onward(chunk: Uint8Array): boolean {
    this.#bytes += chunk.length
    return this.#limits?.admits(this.#bytes) === false || this.#sink.onData(chunk)
  }

  #passOn(status: number, headers: FlatHeaders, document?: unknown): void {
    this.#status = status
    const { name, definition } = this.#grantOf().token.connector
    const { url, baseUrl } = this.#targetOf()
    const location =
      baseUrl === null ? null : rewriteLocation(headers, { baseUrl, url, gatewayPath: `/gateway/${name}/` })
    const limits = rateLimitHeaders(definition.gateway.rate_limit, status, headers, this.#needs.clock.now(), document)
    const onward = responseHeaders(headers, { requestId: this.#talk.context.requestId, location })
    this.#sink.onHead(status, limits.length === 0 ? onward : [...onward, ...limits])
  }

  #end(): void {
    this.#record(null)
    this.#sink.onEnd()
  }

  #fail(error: unknown): void {
    this.#leave()
    const told = this.#stopped === undefined ? (this.#overLimit ?? error) : problemOf(this.#stopped)
    this.#record(told instanceof BrokerError ? told.code : 'internal')
    if (this.#status === null) this.#sink.onFailed(told)
    else this.#sink.onCut()
  }

  #record(code: string | null): void {
    this.#limits?.end()
    this.#needs.record(this.#talk, {
      token: this.#grantOf().token,
      status: this.#status,
      requestBytes: declaredBytes(this.#talk.call) || this.#sentBytes,
      responseBytes: this.#bytes,
      code,
    })
  }

  #grantOf(): Grant {
    if (this.#grant === undefined) throw new Error('the call has not begun')
    return this.#grant
  }

  #targetOf(): Aimed {
    if (this.#target === undefined) throw new Error('the call has not left')
    return this.#target
  }
}
