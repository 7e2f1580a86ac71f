import type { OrgId } from '@behalf/contract'
import type { WrappedDataKey } from './vault.ts'

/** Wrapped data keys, by organization. Reading happens once per organization and node; data keys are then held in memory. */
export type DataKeyStore = {
  read(orgId: OrgId): Promise<readonly WrappedDataKey[]>
  readAll(): Promise<readonly WrappedDataKey[]>
  add(key: WrappedDataKey): Promise<void>
  /** Replaces the wrapping of one key; false where the row was re-wrapped meanwhile. */
  rewrap(before: WrappedDataKey, after: WrappedDataKey): Promise<boolean>
}
