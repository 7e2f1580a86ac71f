import type { Client } from '../../ports/provider-client.ts'

/** The connector under examination, with samples for what each person would answer, and where its callbacks arrive. */
export type Patient = { readonly client: Client; readonly redirectUri: string }
