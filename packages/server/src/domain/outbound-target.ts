/** For whom a request leaves: `BEHALF_OUTBOUND_ALLOW` entries may be limited to one organization by its slug. */
export type OutboundTarget = { readonly orgSlug: string }
