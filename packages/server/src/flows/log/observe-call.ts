import type { CallFacts } from '../../domain/call-entry.ts'
import type { Connector } from '../../domain/connector.ts'
import { type FlatHeaders, headerOf, pairsOf } from '../../domain/flat-headers.ts'
import { requestHeaders } from '../../domain/gateway-headers.ts'
import { redactCall, redactStrictly } from '../../domain/redaction/redact-call.ts'
import { stricter } from '../../domain/redaction-policy.ts'
import { reveal, type Secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { CallerSink, OutgoingCall } from '../gateway/outgoing-call.ts'
import { openCredentials } from '../token/open-client.ts'
import type { CallTerms } from './call-terms.ts'
import { type BodyCapture, captureBody } from './capture-body.ts'

type Needs = Pick<Ports, 'bodyDecoder' | 'callLog' | 'log' | 'vault'>

/** A call with what is looked at on its way, and how its entry is written. */
export type ObservedCall = {
  readonly call: OutgoingCall
  readonly sink: CallerSink
  /** An access token that the call uses. */
  uses(token: Secret): void
  write(facts: CallFacts): void
}

/**
 * Looks at a call under a looser policy on its way, and writes it down: the beginning of each body is held until the entry is made, for which the
 * terms are read once more: the stricter of the two readings counts. Strict calls are never looked at.
 */
export function createObserveCall(ports: Needs) {
  return function observeCall(
    {
      call,
      sink,
      connector,
      terms,
    }: {
      readonly call: OutgoingCall
      readonly sink: CallerSink
      readonly connector: Connector
      readonly terms: CallTerms
    },
    termsNow: () => Promise<CallTerms>,
  ): ObservedCall {
    const [request, response] = [captureBody(ports), captureBody(ports)]
    const tokens = new Set<Secret>()
    let responseHeaders: FlatHeaders = []
    return {
      call: call.body === undefined ? call : { ...call, body: captured(call.body, request) },
      sink: {
        onEnd: () => sink.onEnd(),
        onCut: () => sink.onCut(),
        onFailed: error => sink.onFailed(error),
        onHead(status, headers) {
          responseHeaders = headers
          sink.onHead(status, headers)
        },
        onData(chunk) {
          response.take(chunk)
          return sink.onData(chunk)
        },
      },
      uses: token => void tokens.add(token),
      write(facts) {
        // After the answer: whatever goes wrong here is no matter of the call, and leaves metadata.
        loosely(facts).catch(error => {
          ports.log.error('call_log.redaction_failed', error, { request_id: facts.requestId })
          ports.callLog.append(redactStrictly(facts))
        })
      },
    }

    async function loosely(facts: CallFacts): Promise<void> {
      const policy = stricter(terms.redaction, (await termsNow()).redaction)
      if (policy === 'strict') return ports.callLog.append(redactStrictly(facts))
      const sent = pairsOf(requestHeaders(call.headers, null))
      const answered = pairsOf(responseHeaders)
      const entry = redactCall(facts, policy, {
        remainder: call.remainder,
        prefix: terms.pathPrefix,
        requestHeaders: sent,
        requestBody: request.read(sent),
        responseHeaders: answered,
        responseBody: response.read(answered),
        secrets: await secretsOf(),
        neverLogged: connector.definition.gateway.redact,
      })
      ports.callLog.append(entry)
    }

    // SECURITY: revealed to be looked for, in what is about to be written; they go nowhere.
    async function secretsOf(): Promise<readonly string[]> {
      const credentials = await openCredentials(ports, connector)
      const own = [credentials.clientSecret, ...Object.values(credentials.variables ?? {})].filter(one => one !== null)
      const held = [...tokens, ...own].map(reveal)
      const key = headerOf(call.headers, 'authorization')?.replace(/^\S+\s+/, '')
      return [
        ...held,
        ...(key === undefined ? [] : [key]),
        ...(call.named.subjectToken === undefined ? [] : [call.named.subjectToken]),
      ]
    }
  }
}

async function* captured(body: AsyncIterable<Uint8Array>, capture: BodyCapture): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    capture.take(chunk)
    yield chunk
  }
}
