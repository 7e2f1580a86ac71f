import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Adapter, AdapterPayload } from 'oidc-provider'

type Kept = Record<string, { payload: AdapterPayload; expiresAt: number }>

export type Adapters = {
  readonly adapter: (model: string) => Adapter
  /** Ends every grant of an account, as when its person removes the app there. */
  readonly endGrants: (accountId: string) => void
}

/** What oidc-provider stores, in memory, and in one file where a path is given so that a second start knows the same grants. */
export function createAdapters(path: string | undefined): Adapters {
  const kept: Kept = path !== undefined && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : {}

  return { adapter, endGrants }

  function endGrants(accountId: string): void {
    const ended = Object.entries(kept).flatMap(([id, { payload }]) =>
      id.startsWith('Grant:') && payload.accountId === accountId ? [id.slice('Grant:'.length)] : [],
    )
    for (const grantId of ended) {
      delete kept[`Grant:${grantId}`]
      end(grantId)
    }
    save()
  }

  function end(grantId: string): void {
    for (const [id, { payload }] of Object.entries(kept)) if (payload.grantId === grantId) delete kept[id]
  }

  function adapter(model: string): Adapter {
    const key = (id: string) => `${model}:${id}`
    const find = (id: string): AdapterPayload | undefined => {
      const entry = kept[key(id)]
      return entry !== undefined && entry.expiresAt > Date.now() ? entry.payload : undefined
    }
    const findBy = (name: 'uid' | 'userCode', value: string): AdapterPayload | undefined =>
      Object.entries(kept).find(([id, { payload }]) => id.startsWith(`${model}:`) && payload[name] === value)?.[1]
        .payload
    return {
      async upsert(id, payload, expiresIn) {
        kept[key(id)] = { payload, expiresAt: Date.now() + (expiresIn ?? 86_400 * 365) * 1000 }
        save()
      },
      find: async id => find(id),
      findByUid: async uid => findBy('uid', uid),
      findByUserCode: async userCode => findBy('userCode', userCode),
      async consume(id) {
        const entry = kept[key(id)]
        if (entry !== undefined) entry.payload = { ...entry.payload, consumed: Math.floor(Date.now() / 1000) }
        save()
      },
      async destroy(id) {
        delete kept[key(id)]
        save()
      },
      async revokeByGrantId(grantId) {
        end(grantId)
        save()
      },
    }
  }

  function save(): void {
    if (path === undefined) return
    for (const [id, { expiresAt }] of Object.entries(kept)) if (expiresAt <= Date.now()) delete kept[id]
    writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
}
