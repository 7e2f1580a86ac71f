import type { CallId, OrgId, RedactionPolicy, SubjectId } from '@behalf/contract'
import type { CallEntry, CallLevel } from '../domain/call-entry.ts'
import type { RedactedEntry } from '../domain/redaction/redact-call.ts'
import type { Page, PageRequest } from './page.ts'

export type CallFilter = {
  /** Instants: from here on, and before there. */
  readonly from?: number | undefined
  readonly until?: number | undefined
  readonly plugin?: string | undefined
  readonly pluginVersion?: number | undefined
  readonly connector?: string | undefined
  readonly subject?: SubjectId | undefined
  /** Both ends inclusive; `none` where no provider answered. */
  readonly status?: { readonly least: number; readonly most: number } | 'none' | undefined
  readonly runId?: string | undefined
  readonly level?: CallLevel | undefined
  readonly redaction?: RedactionPolicy | undefined
  /** Each must be found in what is kept, in any case. */
  readonly words?: readonly string[] | undefined
}

/** A page that may be short or empty although there is more: then it says to which instant it looked back, and the next goes on from there. */
export type CallPage = Page<CallEntry> & { readonly lookedBackTo: number | null }

/** Call log entries: appended in batches, bounded; what does not fit is counted, not kept. Takes nothing that was not redacted. */
export type CallLog = {
  append(entry: RedactedEntry): void
  /** Entries that were dropped since the start. */
  dropped(): number
  flush(): Promise<void>
  /** Looks at a bounded number of entries for one page. */
  list(orgId: OrgId, filter: CallFilter, page: PageRequest): Promise<CallPage>
  byId(orgId: OrgId, id: CallId): Promise<CallEntry | undefined>
  /** Removes what has expired; how many. */
  sweep(now: number): Promise<number>
  /** Removes what an organization wrote until an instant; how many rows. */
  sweepOlder(orgId: OrgId, at: number): Promise<number>
}
