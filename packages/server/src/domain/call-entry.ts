import type { CallId, OrgId, SubjectId } from '@behalf/contract'

/** One gateway call, strict: metadata alone, no path but the part the connector's definition names. */
export type CallEntry = {
  readonly id: CallId
  readonly orgId: OrgId
  readonly at: number
  readonly plugin: string | null
  readonly connector: string
  readonly subjectId: SubjectId | null
  readonly method: string
  readonly pathTemplate: string
  readonly status: number | null
  readonly answeredBy: 'provider' | 'behalf'
  readonly code: string | null
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly requestId: string
}
