import type { LaunchId, RedactionPolicy } from '@behalf/contract'

/** Under what a call runs: the launch, and what may be kept of it. Read at its start, and again when it is written down. */
export type CallTerms = {
  readonly redaction: RedactionPolicy
  readonly launchId: LaunchId | null
  /** The part of the path that the manifest names, empty where it names none. */
  readonly pathPrefix: string
}

/** What holds wherever nothing looser is known. */
export const STRICT: CallTerms = { redaction: 'strict', launchId: null, pathPrefix: '' }
