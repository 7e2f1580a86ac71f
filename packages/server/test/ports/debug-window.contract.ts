import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DebugWindowId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../../src/domain/audit-event.ts'
import { agreedTo, type DebugWindow } from '../../src/domain/debug-window.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { Stores } from '../../src/ports/index.ts'

// Ids are ordered by time alone: each of these has a millisecond of its own.
let tick = Date.now()
const entropy = createEntropy({ ...systemClock, now: () => (tick += 1) })
const MINUTE_MS = 60_000

/** What every store does with debug windows; called inside the suite of a store. */
export function debugWindowContract(
  rig: () => Promise<{ store: Stores & AsyncDisposable; a: OrgId; b: OrgId }>,
  audit: (orgId: OrgId) => AuditEvent,
): void {
  const una = entropy.newId<SubjectId>('sub')
  const asked = (orgId: OrgId, change: Partial<DebugWindow> = {}): DebugWindow => ({
    id: entropy.newId<DebugWindowId>('dbg'),
    orgId,
    pluginId: entropy.newId<PluginId>('plg'),
    subjectId: una,
    askedBy: entropy.newId<SubjectId>('sub'),
    reason: 'Contacts come back empty',
    redaction: 'permissive',
    minutes: 15,
    status: 'asked',
    askedAt: 1,
    answeredAt: null,
    endsAt: null,
    endedAt: null,
    endedBy: null,
    ...change,
  })

  it('keeps debug windows of an organization and of a person, newest first, and opens what was agreed to until it ends', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const { debugWindows } = store
    const [first, other, second] = [asked(a), asked(a, { subjectId: entropy.newId<SubjectId>('sub') }), asked(a)]
    for (const window of [first, other, second, asked(b)]) await debugWindows.add(window, audit(window.orgId))
    assert.deepEqual(await debugWindows.byId(a, first.id), first)
    assert.equal(await debugWindows.byId(b, first.id), undefined)
    const page = await debugWindows.list(a, null, { after: null, limit: 2 })
    const rest = await debugWindows.list(a, null, { after: page.next, limit: 2 })
    assert.deepEqual([...page.items, ...rest.items], [second, other, first])
    assert.equal(rest.next, null)
    assert.deepEqual((await debugWindows.list(a, una, { after: null, limit: 9 })).items, [second, first])
    assert.deepEqual(await debugWindows.agreed(a, 0), [])
    const open = agreedTo(first, 5)
    assert.equal(await debugWindows.change(open, 'asked', audit(a)), true)
    assert.deepEqual(await debugWindows.agreed(a, 15 * MINUTE_MS + 4), [open])
    assert.deepEqual(await debugWindows.agreed(a, 15 * MINUTE_MS + 5), [])
    assert.deepEqual(await debugWindows.agreed(b, 5), [])
  })

  it('lets one answer to a debug window count, each written with its audit event or not at all', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const { debugWindows } = store
    const [window, elsewhere] = [asked(a), asked(b)]
    for (const each of [window, elsewhere]) await debugWindows.add(each, audit(each.orgId))
    const events = Array.from({ length: 3 }, () => audit(a))
    const declined: DebugWindow = { ...window, status: 'declined', answeredAt: 6 }
    const answers = [agreedTo(window, 5), declined, agreedTo(window, 7)]
    const counted = await Promise.all(
      answers.map((answer, index) => debugWindows.change(answer, 'asked', events[index] ?? assert.fail())),
    )
    assert.equal(counted.filter(Boolean).length, 1)
    assert.deepEqual(await debugWindows.byId(a, window.id), answers[counted.indexOf(true)])
    const written = (await store.audit.list(a, {}, { after: null, limit: 100 })).items.map(({ id }) => id)
    assert.deepEqual(
      events.map(({ id }) => written.includes(id)),
      counted,
    )
    assert.equal(await debugWindows.change({ ...agreedTo(elsewhere, 5), orgId: a }, 'asked', audit(a)), false)
    const standing = [asked(a), asked(a)] as const
    for (const each of standing) await debugWindows.add(each, audit(a))
    await debugWindows.change(agreedTo(standing[0], 5), 'asked', audit(a))
    await debugWindows.endAll(a, 9, 'somebody', audit(a))
    for (const { id } of standing) {
      const ended = await debugWindows.byId(a, id)
      assert.deepEqual([ended?.status, ended?.endedAt, ended?.endedBy], ['ended', 9, 'somebody'])
    }
    assert.deepEqual(await debugWindows.agreed(a, 6), [])
    assert.equal((await debugWindows.byId(b, elsewhere.id))?.status, 'asked', 'not of another organization')
  })
}
