import type { CallContent, CallEntry, CallFacts } from '../call-entry.ts'
import { expiresAt, levelOf } from '../call-entry.ts'
import type { HeaderPair } from '../gateway-headers.ts'
import { knownSecrets } from './known-secrets.ts'
import { type CapturedBody, redactBody } from './redact-body.ts'
import type { LoosePolicy } from './redact-json.ts'
import { redactHeaders, redactPath } from './redact-line.ts'
import { createRemovals } from './removals.ts'
import { createScrub } from './scrub.ts'
import { secretNames } from './secret-shapes.ts'

const content = Symbol('the entry')

/**
 * A call log entry that was redacted. The redactor alone can make one: the symbol that holds the entry is not exported, so that nothing else
 * compiles, and fields added to one are never read.
 */
export type RedactedEntry = { readonly [content]: CallEntry }

/** Returns the entry, for writing it. */
export const entryOf = (redacted: RedactedEntry): CallEntry => redacted[content]

/** What went over the wire, for a looser policy; it exists only until the entry is made. */
export type CapturedCall = {
  /** What followed `/gateway/{connector}/`, undecoded. */
  readonly remainder: string
  /** The part of it that the manifest names, empty where it names none. */
  readonly prefix: string
  readonly requestHeaders: readonly HeaderPair[]
  readonly requestBody: CapturedBody
  readonly responseHeaders: readonly HeaderPair[]
  readonly responseBody: CapturedBody
  /** Every secret of this call that is known: access token, client secret, subject token, plugin key. */
  readonly secrets: readonly string[]
  /** Names whose values the connector wants nowhere. */
  readonly neverLogged: readonly string[]
}

/** The entry of a call under strict: metadata alone. */
export const redactStrictly = (facts: CallFacts): RedactedEntry => ({
  [content]: {
    ...facts,
    level: levelOf(facts),
    redaction: 'strict',
    content: null,
    removed: [],
    expiresAt: expiresAt('strict', facts.at),
  },
})

/** The entry of a call under a looser policy. */
export function redactCall(facts: CallFacts, policy: LoosePolicy, captured: CapturedCall): RedactedEntry {
  const known = knownSecrets(captured.secrets)
  const removals = createRemovals()
  const isSecret = secretNames(captured.neverLogged)
  const redacting = { policy, known, isSecret, scrub: createScrub(known, isSecret), removals }
  const kept: CallContent = {
    path: redactPath(captured.remainder, captured.prefix, redacting),
    requestHeaders: redactHeaders(captured.requestHeaders, 'request_headers', redacting),
    requestBody: redactBody(captured.requestBody, 'request_body', redacting),
    responseHeaders: redactHeaders(captured.responseHeaders, 'response_headers', redacting),
    responseBody: redactBody(captured.responseBody, 'response_body', redacting),
  }
  const entry: CallEntry = {
    ...facts,
    level: levelOf(facts),
    redaction: policy,
    content: kept,
    removed: removals.all(),
    expiresAt: expiresAt(policy, facts.at),
  }
  return { [content]: entry }
}
