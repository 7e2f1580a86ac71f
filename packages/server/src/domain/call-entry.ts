import type { CallId, LaunchId, OrgId, RedactionPolicy, SubjectId } from '@behalf/contract'
import type { HeaderPair } from './gateway-headers.ts'
import type { Removal } from './redaction/removals.ts'

/** What is known of a call besides its content; all of it may be kept under every policy. */
export type CallFacts = {
  readonly id: CallId
  readonly orgId: OrgId
  readonly at: number
  /** Shared by the calls of one run of an action. */
  readonly runId: string | null
  readonly plugin: string | null
  readonly pluginVersion: number | null
  readonly launchId: LaunchId | null
  readonly action: string | null
  readonly connector: string
  readonly subjectId: SubjectId | null
  readonly method: string
  /** What the manifest names of the path, `/*` where it names nothing; never what was called. */
  readonly pathTemplate: string
  readonly status: number | null
  readonly answeredBy: 'provider' | 'behalf'
  readonly code: string | null
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly requestId: string
}

/** What a looser policy keeps of a call, redacted. */
export type CallContent = {
  readonly path: string
  readonly requestHeaders: readonly HeaderPair[]
  readonly requestBody: string | null
  readonly responseHeaders: readonly HeaderPair[]
  readonly responseBody: string | null
}

export type CallLevel = 'info' | 'warning' | 'error'

/** One plugin call as it is kept. */
export type CallEntry = CallFacts & {
  readonly level: CallLevel
  /** The policy under which it was written. */
  readonly redaction: RedactionPolicy
  /** Null under strict. */
  readonly content: CallContent | null
  readonly removed: readonly Removal[]
  readonly expiresAt: number
}

const DAY_MS = 86_400_000
const KEPT_MS: Readonly<Record<RedactionPolicy, number>> = {
  permissive: 14 * DAY_MS,
  standard: 14 * DAY_MS,
  strict: 90 * DAY_MS,
}

/** The longest that call log entries are kept, where an organization asks for no less. */
export const MOST_LOG_DAYS = 90

/** When an entry goes: what holds content goes early. */
export const expiresAt = (policy: RedactionPolicy, at: number): number => at + KEPT_MS[policy]

/** `error` where the call failed, `warning` where it was refused. */
export function levelOf({ status, code }: Pick<CallFacts, 'status' | 'code'>): CallLevel {
  if (status === null) return code === null || FAILURES.test(code) ? 'error' : 'warning'
  if (status >= 500 || code !== null) return 'error'
  return status >= 400 ? 'warning' : 'info'
}
const FAILURES = /^(?:internal|provider_|store_|vault_|outbound_|shutting_)/
