import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProviderSaw } from './fault-provider.ts'
import { assertHolds, breaches, createHistory, type Evidence, type FinalState, type Told } from './history.ts'

const call = (n: number, more: Partial<Told> = {}): Told => ({
  n,
  endedN: n + 1,
  node: 0,
  what: 'call',
  account: 'ann',
  startedAt: n,
  ms: 5,
  deadlineMs: 1_000,
  status: 200,
  code: null,
  served: 'ann',
  made: null,
  ...more,
})
const saw = (n: number, more: Partial<ProviderSaw> = {}): ProviderSaw => ({
  n,
  at: n,
  kind: 'api',
  grantType: null,
  account: 'ann',
  index: 0,
  outcome: 'served',
  outstanding: 1,
  ...more,
})
const refresh = (n: number, index: number, more: Partial<ProviderSaw> = {}) =>
  saw(n, { kind: 'token', grantType: 'refresh_token', index, outcome: 'issued', ...more })
const connection = (more: Partial<FinalState['connections'][number]> = {}) => ({
  id: 'con_1',
  account: 'ann',
  status: 'connected',
  reason: null,
  refreshToken: 'refresh.ann.1.newest',
  ...more,
})
const fact = (action: string, target: string, more: Partial<FinalState['audit'][number]> = {}) => ({
  action,
  target,
  at: 0,
  details: {},
  ...more,
})
const renewed = (at: number, version: number, rotated = true) =>
  fact('token.refreshed', 'con_1', { at, details: { token_version: version, rotated } })

type Given = {
  readonly told?: readonly Told[]
  readonly saw?: readonly ProviderSaw[]
  readonly connections?: FinalState['connections']
  readonly audit?: FinalState['audit']
  readonly keys?: readonly string[]
  readonly log?: readonly string[]
  readonly open?: number
}

/** What a run left behind: by default one person, whose token was renewed once. */
function left(given: Given): Evidence {
  const history = createHistory()
  for (const entry of given.told ?? [call(1), call(20)]) history.add(entry)
  history.open = given.open ?? 0
  return {
    history,
    saw: given.saw ?? [saw(2), refresh(10, 0), saw(21, { index: 1 })],
    issued: new Set(['refresh.ann.1.newest', 'access.ann.1.with/sign']),
    isNewest: token => token.endsWith('.newest'),
    final: {
      connections: given.connections ?? [connection()],
      audit: given.audit ?? [renewed(12, 2)],
      keys: new Set(given.keys ?? []),
    },
    log: given.log ?? ['{"level":"info","msg":"ready"}'],
  }
}
const disconnected = call(30, { what: 'disconnect', served: null, made: 'con_1' })
const ended = { connections: [connection({ status: 'revoked', refreshToken: null })], told: [disconnected] }

const CLEAN: Readonly<Record<string, Given>> = {
  'a renewal and two calls': {},
  'a disconnect that was audited, with its revocation after it': {
    ...ended,
    saw: [saw(2), saw(40, { kind: 'revoke' })],
    audit: [fact('connection.disconnected', 'con_1')],
  },
  'a key that is there, and one that was never acknowledged': {
    told: [call(1, { what: 'plugin_key', made: 'key_1' }), call(3, { what: 'plugin_key', status: null, made: null })],
    keys: ['key_1'],
    audit: [fact('plugin_key.created', 'plg_1', { details: { key: 'key_1' } })],
  },
  'a connect that is there': {
    told: [call(1, { what: 'connect', made: 'con_1' })],
    saw: [],
    audit: [fact('connect.completed', 'con_1')],
  },
  'an old refresh token on a connection that is marked': {
    connections: [connection({ status: 'reconnect_required', refreshToken: 'refresh.ann.0' })],
  },
  'a token sent again while nothing newer was stored': { saw: [refresh(10, 0), refresh(11, 0)], audit: [] },
  'renewals that did not rotate': {
    saw: [refresh(10, 0), refresh(20, 0)],
    audit: [renewed(12, 2, false), renewed(22, 3, false)],
  },
  'a call that was refused': { told: [call(1, { status: 409, code: 'reconnect_required', served: null })] },
  'a new consent after a disconnect': {
    ...ended,
    saw: [saw(40, { kind: 'token', grantType: 'authorization_code' })],
    audit: [fact('connection.disconnected', 'con_1')],
  },
}

const BROKEN: readonly (readonly [string, string, Given])[] = [
  [
    'I1',
    'a disconnect whose connection stands',
    { ...ended, connections: [connection()], saw: [], audit: [fact('connection.disconnected', 'con_1')] },
  ],
  ['I1', 'a disconnect that nobody audited', { ...ended, saw: [], audit: [] }],
  [
    'I1',
    'a disconnect whose connection is not there',
    { ...ended, connections: [], saw: [], audit: [fact('connection.disconnected', 'con_1')] },
  ],
  [
    'I1',
    'a key that is lost',
    {
      told: [call(1, { what: 'plugin_key', made: 'key_1' })],
      audit: [renewed(12, 2), fact('plugin_key.created', 'key_1')],
    },
  ],
  ['I1', 'a key whose audit is lost', { told: [call(1, { what: 'plugin_key', made: 'key_1' })], keys: ['key_1'] }],
  [
    'I1',
    'a connect that is lost',
    { told: [call(1, { what: 'connect', made: 'con_2' })], audit: [fact('connect.completed', 'con_2')] },
  ],
  ['I1', 'a connect whose audit is lost', { told: [call(1, { what: 'connect', made: 'con_1' })] }],
  [
    'I2',
    'an old refresh token on a connection that says it is connected',
    { connections: [connection({ refreshToken: 'refresh.ann.0' })] },
  ],
  [
    'I3',
    'a token sent after a call carried its successor',
    { saw: [refresh(10, 0), saw(12, { index: 1 }), refresh(14, 0)], audit: [] },
  ],
  [
    'I3',
    'a token sent after its successor was written',
    { saw: [refresh(10, 0), refresh(14, 0)], audit: [renewed(12, 2)] },
  ],
  [
    'I3',
    'a token of two rotations ago',
    { saw: [refresh(10, 0), refresh(14, 1), refresh(18, 1)], audit: [renewed(12, 2), renewed(16, 3)] },
  ],
  ['I3', 'two requests open with one token', { saw: [refresh(10, 0), refresh(11, 0, { outstanding: 2 })], audit: [] }],
  [
    'I4',
    'a call with the token of a connection that was disconnected',
    { ...ended, saw: [saw(40)], audit: [fact('connection.disconnected', 'con_1')] },
  ],
  [
    'I4',
    'a renewal of a connection that was disconnected',
    { ...ended, saw: [refresh(40, 0)], audit: [fact('connection.disconnected', 'con_1')] },
  ],
  ['I5', 'a call that was made with the token of another person', { told: [call(1, { served: 'bob' })] }],
  ['I6', 'a call beyond its deadline', { told: [call(1, { ms: 1_001 })] }],
  ['I6', 'a call that has not ended', { open: 1 }],
  ['I7', 'a token in a log line', { log: ['sent access.ann.1.with/sign'] }],
  ['I7', 'a token in base64 in a log line', { log: [`x ${Buffer.from('refresh.ann.1.newest').toString('base64')}`] }],
  ['I7', 'a token in a URL in a log line', { log: ['GET /?t=access.ann.1.with%2Fsign'] }],
]

describe('the checker of histories', () => {
  for (const [what, given] of Object.entries(CLEAN))
    it(`raises no alarm over ${what}`, () => assert.deepEqual(breaches(left(given)), []))

  for (const [invariant, what, given] of BROKEN)
    it(`raises ${invariant}, and nothing else, over ${what}`, () =>
      assert.deepEqual(
        breaches(left(given)).map(breach => breach.slice(0, 2)),
        [invariant],
      ))

  it('fails a run by every breach at once, and tells the seed that replays it', () => {
    const both = left({ told: [call(1, { served: 'bob', ms: 2_000 })] })
    assert.throws(
      () => assertHolds(both, 4_711),
      (error: Error & { readonly actual?: readonly string[] }) =>
        error.message.includes('FAULT_SEED=4711') && error.actual?.length === 2,
    )
  })

  it('prints no more of a secret than tells which one it was', () => {
    const [breach = ''] = breaches(left({ log: ['access.ann.1.with/sign'] }))
    assert.match(breach, /access\.ann\.1$/)
  })
})
