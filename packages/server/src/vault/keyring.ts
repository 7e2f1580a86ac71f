import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { OrgId } from '@behalf/contract'
import { BrokerError } from '../domain/broker-error.ts'
import type { DataKeyStore } from '../ports/data-key-store.ts'
import type { WrappedDataKey } from '../ports/vault.ts'
import { SealBroken } from './envelope.ts'
import { type RootKey, unwrapDataKey } from './root-key.ts'

/** An organization's opened data keys. */
export type Keyring = {
  /** The newest: what is sealed now is sealed with it. */
  readonly sealing: { readonly keyId: number; readonly key: KeyObject }
  readonly byId: ReadonlyMap<number, KeyObject>
  /** A key of its own for each purpose, from the first data key, so that it outlives rotation. */
  macKey(purpose: string): KeyObject
}

const LENGTH = 32

/** Opens an organization's data keys once and keeps them in memory; failures are not kept. */
export function createKeyrings(
  rootKeys: readonly RootKey[],
  dataKeys: DataKeyStore,
): (orgId: OrgId) => Promise<Keyring> {
  const loaded = new Map<OrgId, Promise<Keyring>>()

  return function keyringOf(orgId) {
    let keyring = loaded.get(orgId)
    if (keyring === undefined) {
      keyring = load(orgId)
      loaded.set(orgId, keyring)
      keyring.catch(() => loaded.delete(orgId))
    }
    return keyring
  }

  async function load(orgId: OrgId): Promise<Keyring> {
    const rows = await dataKeys.read(orgId)
    const opened = rows
      .map(row => ({ keyId: row.keyId, dataKey: openRow(rootKeys, row) }))
      .sort((a, b) => a.keyId - b.keyId)
    const [first, newest] = [opened[0], opened.at(-1)]
    if (first === undefined || newest === undefined)
      throw new BrokerError('vault_unavailable', { cause: new Error('no data key') })
    const byId = new Map(opened.map(({ keyId, dataKey }) => [keyId, derive(dataKey, 'seal')]))
    const macKeys = new Map<string, KeyObject>()
    return {
      sealing: { keyId: newest.keyId, key: derive(newest.dataKey, 'seal') },
      byId,
      macKey(purpose) {
        const known = macKeys.get(purpose) ?? derive(first.dataKey, `mac/${purpose}`)
        macKeys.set(purpose, known)
        return known
      },
    }
  }
}

/** Throws `vault_unavailable` where no root key at hand wrapped this row. */
export function openRow(rootKeys: readonly RootKey[], row: WrappedDataKey): Buffer {
  const root = rootKeys.find(candidate => candidate.id === row.rootKeyId)
  if (root === undefined) throw new BrokerError('vault_unavailable', { cause: new Error('root key missing') })
  try {
    return unwrapDataKey(root, row)
  } catch (error) {
    throw new BrokerError('vault_unavailable', {
      cause: error instanceof SealBroken ? new Error('data key damaged') : error,
    })
  }
}

// Key objects: OpenSSL takes them up five times as fast as bytes.
const derive = (dataKey: Buffer, info: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), `behalf/${info}`, LENGTH)))
