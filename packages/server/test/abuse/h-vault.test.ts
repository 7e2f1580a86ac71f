import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { OrgId } from '@behalf/contract'
import { readRootKeys } from '../../src/config/secrets.ts'
import { BootError } from '../../src/domain/boot-error.ts'
import type { Place } from '../../src/domain/places.ts'
import { asSealed } from '../../src/domain/sealed.ts'
import { reveal, secret } from '../../src/domain/secret.ts'
import type { DataKeyStore } from '../../src/ports/data-key-store.ts'
import type { WrappedDataKey } from '../../src/ports/vault.ts'
import { createKeyCustody } from '../../src/vault/key-custody.ts'
import { createVault } from '../../src/vault/vault.ts'

const orgs = ['org_a', 'org_b'] as unknown as readonly [OrgId, OrgId]
const key = () => secret(randomBytes(32).toString('base64'))

function memoryKeys(): DataKeyStore & { rows: WrappedDataKey[] } {
  const rows: WrappedDataKey[] = []
  return {
    rows,
    read: async orgId => rows.filter(row => row.orgId === orgId),
    readAll: async () => [...rows],
    add: async row => void rows.push(row),
    async rewrap(before, after) {
      const at = rows.indexOf(before)
      if (at !== -1) rows[at] = after
      return at !== -1
    },
  }
}

async function rig(rootKeys = [key()]) {
  const dataKeys = memoryKeys()
  const vault = createVault({ rootKeys, dataKeys })
  for (const orgId of orgs) await dataKeys.add(await vault.createDataKey(orgId))
  return { dataKeys, vault, rootKeys }
}
const place = (change: Partial<Place> = {}): Place => ({
  orgId: orgs[0],
  table: 'connections',
  row: 'con_1',
  column: 'access_token',
  secretVersion: 1,
  ...change,
})

describe('H: secrets at rest', () => {
  it('opens what it sealed, in its place, and never seals the same bytes twice', async () => {
    const { vault } = await rig()
    const first = await vault.seal(place(), secret('token'))
    assert.equal(reveal(await vault.open(place(), first)), 'token')
    assert.notDeepEqual(first, await vault.seal(place(), secret('token')))
    assert.ok(!Buffer.from(first).includes('token'))
  })

  it('H-02 opens no value in another row, column, table, organization or version', async () => {
    const { vault } = await rig()
    const sealed = await vault.seal(place(), secret('token'))
    const swaps: Partial<Place>[] = [
      { row: 'con_2' },
      { column: 'refresh_token' },
      { table: 'connectors' },
      { orgId: orgs[1] },
      { secretVersion: 2 },
      { row: 'con_1access', column: '_token' },
    ]
    for (const swap of swaps)
      await assert.rejects(vault.open(place(swap), sealed), /vault_unavailable/, JSON.stringify(swap))
  })

  it('H-03 refuses every flipped bit with one and the same error', async () => {
    const { vault } = await rig()
    const sealed = await vault.seal(place(), secret('token'))
    const told = new Set<string>()
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Uint8Array.from(sealed)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await assert.rejects(
        vault.open(place(), asSealed(flipped)),
        error => told.add(`${String(error)} ${String((error as Error).cause)}`) !== undefined,
      )
    }
    for (const short of [0, 1, 5, 17, 32]) await assert.rejects(vault.open(place(), asSealed(sealed.slice(0, short))))
    assert.equal(told.size, 1)
  })

  it('H-05 refuses to serve with a wrong root key, and names no key', async () => {
    const { dataKeys } = await rig()
    await assert.rejects(
      createKeyCustody({ rootKeys: [key()], dataKeys }).verify(),
      error => error instanceof BootError && /does not open 2 of 2/.test(error.message),
    )
    const other = createVault({ rootKeys: [key()], dataKeys })
    await assert.rejects(other.seal(place(), secret('x')), /vault_unavailable/)
  })

  it('H-05 refuses missing, short, sample and typed root keys at boot, and makes none silently', () => {
    const folder = mkdtempSync(join(tmpdir(), 'behalf-key-'))
    const weak = [
      '',
      'short',
      Buffer.alloc(32).toString('base64'),
      Buffer.alloc(32, 7).toString('base64'),
      Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64'),
      Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
      Buffer.from('correct horse battery staple 1234').toString('base64'),
      randomBytes(31).toString('base64'),
      'awskms:alias/x',
      'file:/nowhere',
    ]
    for (const text of weak) assert.throws(() => readRootKeys(text, folder, () => true), BootError, text)
    assert.throws(() => readRootKeys(undefined, folder, () => true), /no root key/)
    const first = readRootKeys(undefined, folder, () => false)
    assert.match(first.warning ?? '', /backup/)
    assert.equal(
      reveal(readRootKeys(undefined, folder, () => true).keys[0] ?? assert.fail()),
      reveal(first.keys[0] ?? assert.fail()),
    )
    const path = join(folder, 'mine')
    writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600 })
    assert.equal(readRootKeys(`file:${path}`, folder, () => true).keys.length, 1)
    chmodSync(path, 0o644)
    assert.throws(() => readRootKeys(`file:${path}`, folder, () => true), /can be read by others/)
  })

  it('H-06 re-wraps everything under a newer root key while values go on opening, and says when the old one may go', async () => {
    const { dataKeys, vault, rootKeys } = await rig()
    const sealed = await vault.seal(place(), secret('token'))
    const both = [key(), ...rootKeys]
    const custody = createKeyCustody({ rootKeys: both, dataKeys })
    assert.deepEqual(
      (await custody.status()).map(({ dataKeys: count }) => count),
      [0, 2],
    )
    assert.deepEqual(await custody.rotate(), { rewrapped: 2, remaining: 0 })
    assert.equal(reveal(await vault.open(place(), sealed)), 'token')
    const newest = [both[0] ?? assert.fail()]
    assert.equal(reveal(await createVault({ rootKeys: newest, dataKeys }).open(place(), sealed)), 'token')
    await createKeyCustody({ rootKeys: newest, dataKeys }).verify()
  })
})
