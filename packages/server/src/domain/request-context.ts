import type { Organization } from './organization.ts'

/** What every flow knows of the request it serves: whose organization, its id, and the client's address as believed. */
export type RequestContext = {
  readonly organization: Organization
  readonly requestId: string
  readonly address: string | null
}
