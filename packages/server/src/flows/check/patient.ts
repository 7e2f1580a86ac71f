import type { Discovered } from '@behalf/contract'
import type { Client } from '../../ports/provider-client.ts'

/** The connector under examination, with samples for what each person would answer, and where its callbacks arrive. */
export type Patient = {
  readonly client: Client
  readonly redirectUri: string
  /** What the issuer's metadata says now, else what it said when the connector was saved; null where nobody asked or nothing was said. */
  readonly metadata: Discovered | null
}
