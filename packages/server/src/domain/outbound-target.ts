import type { Secret } from './secret.ts'

/** For which organization a request leaves, and the certificate the client shows (RFC 8705), PEM. */
export type OutboundTarget = {
  readonly orgSlug: string
  readonly tls?: { readonly certificate: string; readonly key: Secret }
}
