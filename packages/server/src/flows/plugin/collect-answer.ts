import { BrokerError } from '../../domain/broker-error.ts'
import { headerOf } from '../../domain/flat-headers.ts'
import type { CallerSink, OngoingCall } from '../gateway/outgoing-call.ts'

/** A provider's answer, whole. */
export type Collected = { readonly status: number; readonly body: unknown }

const MOST_BYTES = 1_048_576
const DEEPEST = 64

/** Takes in the answer of a call up to a mebibyte. Throws what the call throws, and `provider_invalid_response`. */
export async function collectAnswer(send: (sink: CallerSink) => OngoingCall): Promise<Collected> {
  const chunks: Uint8Array[] = []
  let [status, size] = [0, 0]
  let isJson = false
  let isCut = false
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  send({
    onHead(answered, headers) {
      status = answered
      isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(headerOf(headers, 'content-type') ?? '')
    },
    onData(chunk) {
      size += chunk.length
      if (size <= MOST_BYTES) chunks.push(Uint8Array.from(chunk))
      return true
    },
    onEnd: resolve,
    onCut() {
      isCut = true
      resolve()
    },
    onFailed: reject,
  })
  await ended
  if (isCut) throw new BrokerError('provider_invalid_response', { detail: 'The answer broke off.' })
  if (size > MOST_BYTES) throw new BrokerError('provider_invalid_response', { detail: 'The answer is over 1 MiB.' })
  const text = new TextDecoder().decode(concatenated(chunks, size))
  return { status, body: isJson ? parsed(text) : text === '' ? null : text }
}

function concatenated(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function parsed(text: string): unknown {
  if (text === '') return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BrokerError('provider_invalid_response', { detail: 'The answer is not the JSON it says it is.' })
  }
  if (isDeeper(value))
    throw new BrokerError('provider_invalid_response', { detail: 'The answer is nested too deeply.' })
  return value
}

// Walked without recursion, so that depth is a fault of the answer and not of our stack.
function isDeeper(value: unknown): boolean {
  const open: (readonly [unknown, number])[] = [[value, 0]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [part, depth] = next
    if (typeof part !== 'object' || part === null) continue
    if (depth > DEEPEST) return true
    for (const inner of Object.values(part)) open.push([inner, depth + 1])
  }
  return false
}
