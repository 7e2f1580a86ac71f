import { BootError } from '../domain/boot-error.ts'
import type { Secret } from '../domain/secret.ts'
import type { DataKeyStore } from '../ports/data-key-store.ts'
import { openRow } from './keyring.ts'
import { type RootKey, rootKey, wrapDataKey } from './root-key.ts'

/** How many data keys each root key wraps; `known` is whether it was given. */
type KeyStatus = {
  readonly rootKeyId: string
  readonly newest: boolean
  readonly known: boolean
  readonly dataKeys: number
}

/** Work on root keys, beside live traffic. */
export type KeyCustody = {
  /** Throws {@link BootError} unless every organization's data keys open with the root keys at hand. */
  verify(): Promise<void>
  status(): Promise<readonly KeyStatus[]>
  /** Re-wraps every data key under the newest root key, row by row, compare-and-set. */
  rotate(): Promise<{ readonly rewrapped: number; readonly remaining: number }>
}

export function createKeyCustody({
  rootKeys,
  dataKeys,
}: {
  readonly rootKeys: readonly Secret[]
  readonly dataKeys: DataKeyStore
}): KeyCustody {
  const roots = rootKeys.map(rootKey)
  return { verify, status, rotate }

  async function verify(): Promise<void> {
    const rows = await dataKeys.readAll()
    const closed = rows.filter(row => !opens(roots, row))
    if (closed.length === 0) return
    throw new BootError(
      `The root key does not open ${closed.length} of ${rows.length} data keys in this store. Give the root key it was made with (BEHALF_ROOT_KEY, newest first); nothing was changed.`,
    )
  }

  async function status(): Promise<readonly KeyStatus[]> {
    const rows = await dataKeys.readAll()
    const ids = new Set([...roots.map(root => root.id), ...rows.map(row => row.rootKeyId)])
    return [...ids].map(rootKeyId => ({
      rootKeyId,
      newest: rootKeyId === roots[0]?.id,
      known: roots.some(root => root.id === rootKeyId),
      dataKeys: rows.filter(row => row.rootKeyId === rootKeyId).length,
    }))
  }

  async function rotate(): Promise<{ rewrapped: number; remaining: number }> {
    const newest = roots[0]
    if (newest === undefined) throw new BootError('There is no root key to rotate to.')
    let rewrapped = 0
    for (const row of await dataKeys.readAll()) {
      if (row.rootKeyId === newest.id) continue
      const after = wrapDataKey(newest, row.orgId, row.keyId, openRow(roots, row))
      if (await dataKeys.rewrap(row, after)) rewrapped += 1
    }
    const remaining = (await dataKeys.readAll()).filter(row => row.rootKeyId !== newest.id).length
    return { rewrapped, remaining }
  }
}

function opens(roots: readonly RootKey[], row: Parameters<typeof openRow>[1]): boolean {
  try {
    openRow(roots, row)
    return true
  } catch {
    return false
  }
}
