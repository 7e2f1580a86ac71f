import type { OrgId } from '@behalf/contract'
import type { Place } from '../domain/places.ts'
import type { Sealed } from '../domain/sealed.ts'
import type { Secret } from '../domain/secret.ts'

/** The barrier: what is stored is untrusted, and every secret crosses here. Throws `BrokerError` `vault_unavailable`. */
export type Vault = {
  seal(place: Place, value: Secret): Promise<Sealed>
  /** Throws `vault_unavailable` with one generic cause whatever is wrong with the bytes or the place. */
  open(place: Place, sealed: Sealed): Promise<Secret>
  /** HMAC-SHA-256 under a key of the organization that never leaves the vault; for the audit chain and token signatures. */
  mac(
    orgId: OrgId,
    purpose: 'audit' | 'behalf-token' | 'csrf' | 'connect-link',
    message: Uint8Array,
  ): Promise<Uint8Array>
  /** Makes the data key of a new organization; the wrapped key goes into the same transaction as the organization. */
  createDataKey(orgId: OrgId): Promise<WrappedDataKey>
}

/** A data key wrapped by a root key. `rootKeyId` names the root key, `keyId` is what {@link Sealed} bytes carry. */
export type WrappedDataKey = {
  readonly orgId: OrgId
  readonly keyId: number
  readonly rootKeyId: string
  readonly wrapped: Uint8Array
}
