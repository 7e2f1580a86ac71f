import type { PublicDefinition } from './connector.ts'

export type IssuerJudgement =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  /** No issuer is configured; what came is recorded and offered for pinning. */
  | { readonly kind: 'observed'; readonly issuer: string }

/**
 * Judges the `iss` of an authorization response, on error answers too, as exact strings (RFC 9207 2.4). Without a configured issuer it is let
 * through on a connector's own callback, which no other connector shares, and refused on the organization's.
 */
export function judgeIssuer({ auth }: PublicDefinition, iss: string | null): IssuerJudgement {
  if (auth.issuer !== undefined) {
    if (iss === null)
      return auth.iss_required || auth.discovered?.iss_parameter === true ? { kind: 'refused' } : { kind: 'accepted' }
    return iss === auth.issuer ? { kind: 'accepted' } : { kind: 'refused' }
  }
  if (iss === null) return { kind: 'accepted' }
  return auth.callback === 'dedicated' && iss.length <= 500 ? { kind: 'observed', issuer: iss } : { kind: 'refused' }
}
