import type { OrgId, SubjectId } from '@behalf/contract'
import type { CallEntry } from '../domain/call-entry.ts'
import type { Page, PageRequest } from './page.ts'

export type CallFilter = { readonly plugin?: string; readonly connector?: string; readonly subject?: SubjectId }

/** Call log entries: appended in batches, bounded; what does not fit is counted, not kept. */
export type CallLog = {
  append(entry: CallEntry): void
  /** Entries that were dropped since the start. */
  dropped(): number
  flush(): Promise<void>
  list(orgId: OrgId, filter: CallFilter, page: PageRequest): Promise<Page<CallEntry>>
  sweep(before: number): Promise<number>
}
