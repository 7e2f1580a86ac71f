import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { AuditEventId, LaunchId, OrgId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../../src/domain/audit-event.ts'
import type { Person } from '../../src/domain/person.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { Stores } from '../../src/ports/index.ts'
import { launchedPlugin } from '../support/launched-plugin.ts'

const entropy = createEntropy(systemClock)

const event = (orgId: OrgId): AuditEvent => ({
  id: entropy.newId<AuditEventId>('aud'),
  orgId,
  at: 1,
  action: 'launch.created',
  result: 'done',
  principal: 'system',
  onBehalfOf: null,
  target: null,
  address: null,
  requestId: null,
  details: {},
})

const person = (orgId: OrgId, sub: string, change: Partial<Person> = {}): Person => ({
  id: entropy.newId<SubjectId>('sub'),
  orgId,
  issuer: 'https://sso',
  sub,
  email: `${sub}@x.example`,
  emailVerified: true,
  name: sub,
  status: 'active',
  grantedRoles: [],
  claimRoles: [],
  claims: { groups: [], attributes: {} },
  imported: { groups: [], attributes: {} },
  lastProofAt: 1,
  createdAt: 1,
  version: 1,
  ...change,
})

type Rig = () => Promise<{ readonly store: Stores & AsyncDisposable; readonly a: OrgId; readonly b: OrgId }>

/** Launches and the roster, as every engine must keep them. */
export function launchesContract(rig: Rig): void {
  it('keeps launches with the people they name, one launch at a time, and gives an e-mail to whoever signs in first', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const organization = (await store.organizations.byId(a)) ?? assert.fail()
    const ports = { ...store, clock: systemClock, entropy }
    const plugin = await launchedPlugin(ports, organization, { name: 'assistant' })
    const [everyone] = (await store.launches.live(a, plugin.id)).launches
    assert.equal(everyone?.launchAudience.kind, 'everyone')
    const email = 'ada@x.example'
    const launch = {
      ...(everyone ?? assert.fail()),
      id: entropy.newId<LaunchId>('lch'),
      launchAudience: { kind: 'people', people: [{ subjectId: null, email }] },
      approvedReach: '[]',
    } as const
    const end = { at: 5, by: 'somebody', reason: 'enough', withdrawn: [] }
    const add = (id: LaunchId) =>
      store.launches.add({ ...launch, id }, { ids: [everyone.id], end }, plugin.launchEpoch, [event(a)])
    const added = await Promise.all([add(launch.id), add(entropy.newId<LaunchId>('lch'))])
    assert.equal(added.filter(Boolean).length, 1, 'the second counted without the first')
    const { launches, manifests } = await store.launches.live(a, plugin.id)
    assert.deepEqual(
      launches.map(({ launchAudience }) => launchAudience),
      [launch.launchAudience],
    )
    assert.deepEqual([...manifests.keys()], [1])
    const [live] = launches
    const subject = entropy.newId<SubjectId>('sub')
    await store.launches.claimEmail(b, email, subject)
    await store.launches.claimEmail(a, email, subject)
    await store.launches.claimEmail(a, email, entropy.newId<SubjectId>('sub'))
    assert.equal(
      await store.launches.agree(a, live?.id ?? launch.id, entropy.newId<SubjectId>('sub'), 6, event(a)),
      false,
    )
    assert.equal(await store.launches.agree(a, live?.id ?? launch.id, subject, 6, event(a)), true)
    const claimed = await store.launches.byId(a, plugin.id, live?.id ?? launch.id)
    assert.deepEqual(claimed?.launchAudience, { kind: 'people', people: [{ subjectId: subject, email }] })
    assert.deepEqual(claimed?.agreed, [subject])
    assert.equal((await store.launches.liveOfAll(b)).size, 0)
    assert.equal(await store.launches.end(b, plugin.id, [live?.id ?? launch.id], end, [event(b)]), false)
    const withdrawing = { ...end, withdrawn: [live?.id ?? launch.id] }
    assert.equal(await store.launches.end(a, plugin.id, [live?.id ?? launch.id], withdrawing, [event(a)]), true)
    assert.equal((await store.launches.approved(a, plugin.id)).length, 0)
    assert.deepEqual((await store.launches.live(a, plugin.id)).launches, [])
    const history = await store.launches.list(a, plugin.id, { after: null, limit: 10 })
    assert.deepEqual(
      history.items.map(({ endReason }) => endReason),
      ['enough', 'enough'],
    )
  })

  it('keeps what was imported about people, and gives it to whoever first signs in with the e-mail', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const described = { groups: ['sales'], attributes: { level: 7, remote: true, skills: ['ts'] } }
    const entry = { email: 'una@x.example', name: 'Una', ...described, subjectId: null, importedAt: 1 }
    await store.roster.import(a, [entry], [], event(a))
    assert.deepEqual(await store.roster.byEmails(a, [entry.email, 'nobody@x.example']), [entry])
    assert.deepEqual(await store.roster.byEmails(b, [entry.email]), [])
    const una = await store.people.recordSignIn(person(a, 'una'))
    await store.roster.claim(a, entry.email, una.id)
    const other = await store.people.recordSignIn(person(a, 'other'))
    await store.roster.claim(a, entry.email, other.id)
    assert.deepEqual((await store.people.byId(a, una.id))?.imported, described)
    assert.deepEqual((await store.people.byId(a, other.id))?.imported.groups, [])
    assert.deepEqual(await store.roster.waiting(a, null, 10), [])
    await store.people.recordSignIn(person(a, 'una', { claims: { groups: ['x'], attributes: {} } }))
    assert.deepEqual((await store.people.byId(a, una.id))?.imported, described, 'a sign-in leaves it')
    await store.roster.import(a, [{ ...entry, subjectId: other.id }], [una.id], event(a))
    assert.deepEqual((await store.people.byId(a, una.id))?.imported.groups, [])
    assert.deepEqual((await store.people.byVerifiedEmails(a, ['una@x.example', 'other@x.example'])).length, 2)
  })
}
