import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CallId, OrgId, SubjectId } from '@behalf/contract'
import { createSeed } from '../../../../test/support/seed.ts'
import type { CallFacts } from '../../src/domain/call-entry.ts'
import { redactCall, redactStrictly } from '../../src/domain/redaction/redact-call.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { CallFilter } from '../../src/ports/call-log.ts'
import { createCallLog } from '../../src/store/call-log-store.ts'
import type { Store } from '../../src/store/store.ts'

export type ContractStore = Omit<Store, 'migrated' | 'isWritable'>

let now = 0
const entropy = createEntropy({ ...systemClock, now: () => now })
/** An id of an instant: of two of one millisecond either may be the later. */
const idAt = (at: number): CallId => {
  now = at
  return entropy.newId<CallId>('cal')
}
const DAY_MS = 86_400_000

/** What every store does with call log entries; called inside the suite of a store. */
export function callLogContract(rig: () => Promise<{ store: ContractStore; a: OrgId; b: OrgId }>): void {
  const facts = (orgId: OrgId, change: Partial<CallFacts> = {}): CallFacts => ({
    id: idAt(change.at ?? 1_000),
    orgId,
    at: 1_000,
    runId: null,
    plugin: 'assistant',
    pluginVersion: 1,
    launchId: null,
    action: null,
    connector: 'crm',
    subjectId: null,
    method: 'GET',
    pathTemplate: '/*',
    status: 200,
    answeredBy: 'provider',
    code: null,
    durationMs: 1.5,
    requestBytes: 1,
    responseBytes: 2,
    requestId: 'req_1',
    ...change,
  })
  const body = (text: string) => ({
    bytes: new TextEncoder().encode(text),
    isCut: false,
    contentType: 'application/json',
    isOpaque: false,
  })
  const loose = (found: CallFacts, text: string) =>
    redactCall(found, 'permissive', {
      remainder: 'people/7?x=1',
      prefix: '',
      requestHeaders: [['Accept', 'text/html']],
      requestBody: body(''),
      responseHeaders: [],
      responseBody: body(text),
      neverLogged: [],
      secrets: [],
    })

  it('keeps call log entries as they were redacted, by filter, word and page', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const una = entropy.newId<SubjectId>('sub')
    const entries = [
      redactStrictly(facts(a, { at: 1_000 })),
      redactStrictly(
        facts(a, { at: 2_000, plugin: 'other', status: 404, subjectId: una, runId: 'run_1', action: 'find-contact' }),
      ),
      redactStrictly(facts(a, { at: 3_000, status: null, code: 'connection_required', answeredBy: 'behalf' })),
      loose(
        facts(a, { at: 4_000, status: 502, pluginVersion: 7, connector: 'mail' }),
        '{"title":"Ünïcode 100%_done\\\\"}',
      ),
    ]
    for (const entry of [...entries, loose(facts(b), '{"title":"theirs"}')]) store.callLog.append(entry)
    const found = async (filter: CallFilter) =>
      (await store.callLog.list(a, filter, { after: null, limit: 100 })).items.map(({ at }) => at)
    assert.deepEqual(await found({}), [4_000, 3_000, 2_000, 1_000])
    const cases: readonly [CallFilter, readonly number[]][] = [
      [{ from: 2_000, until: 4_000 }, [3_000, 2_000]],
      [{ plugin: 'other' }, [2_000]],
      [{ pluginVersion: 7 }, [4_000]],
      [{ connector: 'mail' }, [4_000]],
      [{ subject: una }, [2_000]],
      [{ runId: 'run_1' }, [2_000]],
      [{ status: { least: 400, most: 499 } }, [2_000]],
      [{ status: 'none' }, [3_000]],
      [{ level: 'error' }, [4_000]],
      [{ level: 'warning' }, [3_000, 2_000]],
      [{ redaction: 'permissive' }, [4_000]],
      [{ words: ['ÜNÏCODE'] }, [4_000]],
      [{ words: ['100%_d', 'text/HTML'] }, [4_000]],
      [{ words: ['100%x'] }, []],
      [{ words: ['theirs'] }, []],
      [{ words: ['FIND-contact'] }, [2_000]],
      [{ words: ['connection_req'] }, [3_000]],
      [{ words: ["' OR 1=1 --"] }, []],
    ]
    for (const [filter, expected] of cases) assert.deepEqual(await found(filter), expected, JSON.stringify(filter))
    const first = await store.callLog.list(a, {}, { after: null, limit: 3 })
    const rest = await store.callLog.list(a, {}, { after: first.next, limit: 3 })
    assert.deepEqual([first.items.length, rest.items.length, rest.next], [3, 1, null])
    const [newest] = first.items
    assert.deepEqual(newest && (await store.callLog.byId(a, newest.id)), newest)
    assert.equal(newest && (await store.callLog.byId(b, newest.id)), undefined)
    assert.equal(newest?.content?.responseBody, '{"title":"Ünïcode 100%_done\\\\"}')
    assert.deepEqual(newest?.content?.requestHeaders, [['accept', 'text/html']])
  })

  it('gives every entry once, newest first, whoever wrote it and however it is asked for', async () => {
    const seed = createSeed()
    const { store, a, b } = await rig()
    await using _ = store
    const pick = <Value>(...values: readonly Value[]) => values[seed.below(values.length)] as Value
    const all: CallFacts[] = []
    // Written in no order and flushed at any time, as by several nodes: blocks overlap.
    for (let count = 0; count < 900; count += 1) {
      const status = pick(200, 201, 404, 503, null)
      all.push(
        facts(pick(a, a, a, b), {
          at: 1_000 + count * 20 + seed.below(20),
          plugin: pick('assistant', 'Reporter'),
          connector: pick('crm', 'mail'),
          runId: pick(null, 'run_1', 'run_2'),
          pathTemplate: pick('/*', '/päople/*', '/100%_x'),
          requestId: `req_${count}`,
          status,
          answeredBy: status === null ? 'behalf' : 'provider',
          code: status === null ? pick('provider_timeout', 'connection_required') : null,
        }),
      )
    }
    for (const each of all.toSorted((x, y) => (seed.below(8) === 0 ? 1 : x.id < y.id ? -1 : 1))) {
      store.callLog.append(seed.below(20) === 0 ? loose(each, '{}') : redactStrictly(each))
      if (seed.below(60) === 0) await store.callLog.flush()
    }
    const filters: readonly [CallFilter, (entry: CallFacts) => boolean][] = [
      [{}, () => true],
      [{ plugin: 'Reporter', connector: 'mail' }, each => each.plugin === 'Reporter' && each.connector === 'mail'],
      [{ plugin: 'reporter' }, () => false],
      [{ runId: 'run_2', status: 'none' }, each => each.runId === 'run_2' && each.status === null],
      [{ status: { least: 201, most: 404 } }, each => each.status === 201 || each.status === 404],
      [{ level: 'warning' }, each => each.status === 404 || each.code === 'connection_required'],
      [{ from: 5_000, until: 6_000 }, each => each.at >= 5_000 && each.at < 6_000],
      [{ words: ['100%_X', 'Crm'] }, each => each.pathTemplate === '/100%_x' && each.connector === 'crm'],
      [{ words: ['req_77'] }, each => each.requestId.startsWith('req_77')],
    ]
    // The second looks at so little for a page that most begin or end within a block.
    const logs = [store.callLog, createCallLog(store.engine, { rows: 5, entries: 40 })]
    for (const [filter, isAsked] of filters)
      for (const [orgId, log] of [a, b].flatMap(orgId => logs.map(log => [orgId, log] as const))) {
        const found: string[] = []
        const limit = 1 + seed.below(60)
        for (let after: string | null = null; ; ) {
          const page = await log.list(orgId, filter, { after, limit })
          assert.equal(page.lookedBackTo !== null, page.next !== null && page.items.length < limit)
          found.push(...page.items.map(({ id }) => id))
          if (page.next === null) break
          after = page.next
        }
        const expected = all.filter(each => each.orgId === orgId && isAsked(each)).map(({ id }) => id)
        assert.deepEqual(found, expected.sort().reverse(), `seed ${seed.value}: ${JSON.stringify(filter)}`)
      }
    const one = all[seed.below(all.length)] as CallFacts
    const kept = await store.callLog.byId(one.orgId, one.id)
    assert.deepEqual({ ...one, ...kept, ...one }, kept, 'with all that is known of it')
    assert.equal(await store.callLog.byId(one.orgId === a ? b : a, one.id), undefined)
  })

  it('looks at so many rows for a page and no more, says how far back that was, and finds by going on what lies beyond', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const log = createCallLog(store.engine, { rows: 50, entries: 1_000 })
    await using __ = log
    // A second each: every strict entry is a row.
    const instants = Array.from({ length: 170 }, (_each, index) => (index + 1) * 1_000)
    for (const at of instants) {
      log.append(redactStrictly(facts(a, { at, plugin: at === 4_000 ? 'rare' : 'assistant' })))
      log.append(redactStrictly(facts(b, { at, plugin: 'rare' })))
    }
    log.append(loose(facts(a, { at: 130_500, plugin: 'rare' }), '{}'))
    const looks = async (filter: CallFilter) => {
      const seen: [readonly number[], number | null][] = []
      for (let after: string | null = null; ; ) {
        const page = await log.list(a, filter, { after, limit: 10 })
        seen.push([page.items.map(({ at }) => at), page.lookedBackTo])
        if (page.next === null) return seen
        after = page.next
      }
    }
    assert.deepEqual(await looks({ words: ['rare'] }), [
      [[130_500], 121_000],
      [[], 71_000],
      [[], 21_000],
      [[4_000], null],
    ])
    assert.deepEqual(await looks({ words: ['nowhere'] }), [
      [[], 121_000],
      [[], 71_000],
      [[], 21_000],
      [[], null],
    ])
    const within = { plugin: 'rare', from: 2_000, until: 60_000 }
    assert.deepEqual(
      await looks(within),
      [
        [[], 11_000],
        [[4_000], null],
      ],
      'what no entry of the time asked for can be in is not looked at',
    )
    assert.deepEqual(await looks({ plugin: 'rare', from: 140_000 }), [[[], null]])
  })

  it('judges so many entries of blocks for a page and no more, wherever in a block that ends', async () => {
    const { store, a } = await rig()
    await using _ = store
    const log = createCallLog(store.engine, { rows: 50, entries: 300 })
    await using __ = log
    for (let at = 0; at < 1_000; at += 1) log.append(redactStrictly(facts(a, { at, pluginVersion: at === 3 ? 2 : 1 })))
    const found: number[] = []
    let looks = 0
    for (let after: string | null = null; ; looks += 1) {
      const page = await log.list(a, { pluginVersion: 2 }, { after, limit: 10 })
      found.push(...page.items.map(({ at }) => at))
      if (page.next === null) break
      after = page.next
    }
    // Two blocks of at most 256 each time, of which the second is begun again by the next look.
    assert.deepEqual([found, looks], [[3], 2])
  })

  it('keeps any text, also what a database has no place for', async () => {
    const { store, a } = await rig()
    await using _ = store
    store.callLog.append(loose(facts(a, { at: 1_000 }), '["Nul \\u0000"]'))
    store.callLog.append(redactStrictly(facts(a, { at: 1_001, pathTemplate: '/\u0000"\\\ud800/*' })))
    const { items } = await store.callLog.list(a, {}, { after: null, limit: 10 })
    assert.deepEqual(
      items.map(({ pathTemplate, content }) => [pathTemplate, content?.responseBody]),
      [
        ['/\u0000"\\\ud800/*', undefined],
        ['/*', '["Nul \\u0000"]'],
      ],
    )
    const found = await store.callLog.list(a, { words: ['NUL', '/*'] }, { after: null, limit: 10 })
    assert.equal(found.items.length, 1)
  })

  it('lets looser entries go after 14 days and strict ones after 90', async () => {
    const { store, a } = await rig()
    await using _ = store
    store.callLog.append(redactStrictly(facts(a, { at: 0 })))
    store.callLog.append(loose(facts(a, { at: 0 }), '{}'))
    await store.callLog.flush()
    assert.equal(await store.callLog.sweep(14 * DAY_MS - 1), 0)
    assert.equal(await store.callLog.sweep(14 * DAY_MS), 1)
    assert.equal(await store.callLog.sweep(90 * DAY_MS - 1), 0)
    assert.equal(await store.callLog.sweep(90 * DAY_MS), 1)
  })

  it('lets one organization’s entries go earlier than another’s', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    for (const orgId of [a, b])
      for (const at of [1_000, 2_000]) store.callLog.append(redactStrictly(facts(orgId, { at })))
    await store.callLog.flush()
    assert.equal(await store.callLog.sweepOlder(a, 1_000), 1)
    const left = async (orgId: OrgId) => (await store.callLog.list(orgId, {}, { after: null, limit: 10 })).items.length
    assert.deepEqual([await left(a), await left(b)], [1, 2])
  })

  it('counts the entries that do not fit, by number and by what they hold', async () => {
    const { store, a } = await rig()
    await using _ = store
    for (let index = 0; index < 10_100; index += 1) store.callLog.append(redactStrictly(facts(a)))
    assert.equal(store.callLog.dropped(), 100)
    await store.callLog.flush()
    const big = JSON.stringify(Array.from({ length: 800 }, () => 'x'.repeat(18)))
    for (let index = 0; index < 1_200; index += 1) store.callLog.append(loose(facts(a), big))
    assert.ok(store.callLog.dropped() > 200)
    assert.ok((await store.callLog.list(a, {}, { after: null, limit: 1 })).items.length === 1)
  })
}
