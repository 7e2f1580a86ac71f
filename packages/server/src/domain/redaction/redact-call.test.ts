import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CallId, OrgId } from '@behalf/contract'
import fc from 'fast-check'
import type { CallFacts } from '../call-entry.ts'
import { completeJson } from './complete-json.ts'
import { mask } from './mask.ts'
import { type CapturedCall, entryOf, redactCall, redactStrictly } from './redact-call.ts'
import type { LoosePolicy } from './redact-json.ts'

const CAP = 4_096
const facts: CallFacts = {
  id: 'cal_1' as CallId,
  orgId: 'org_1' as OrgId,
  at: 0,
  runId: null,
  plugin: 'assistant',
  pluginVersion: 1,
  launchId: null,
  action: null,
  connector: 'crm',
  subjectId: null,
  method: 'POST',
  pathTemplate: '/*',
  status: 200,
  answeredBy: 'provider',
  code: null,
  durationMs: 1,
  requestBytes: 1,
  responseBytes: 1,
  requestId: 'req_1',
}
const bytesOf = (text: string) => new TextEncoder().encode(text)
const body = (bytes: Uint8Array, contentType: string | null, cap = CAP) => ({
  bytes: bytes.slice(0, cap),
  isCut: bytes.length > cap,
  contentType,
  isOpaque: false,
})
const NONE = body(new Uint8Array(), null)
const captured = (fields: Partial<CapturedCall>): CapturedCall => ({
  remainder: '',
  prefix: '',
  requestHeaders: [],
  requestBody: NONE,
  responseHeaders: [],
  responseBody: NONE,
  secrets: [],
  neverLogged: [],
  ...fields,
})
const kept = (policy: LoosePolicy, fields: Partial<CapturedCall>) =>
  entryOf(redactCall(facts, policy, captured(fields)))
const jsonKept = (policy: LoosePolicy, value: unknown, secrets: readonly string[] = []) =>
  JSON.parse(
    kept(policy, { responseBody: body(bytesOf(JSON.stringify(value)), 'application/json'), secrets }).content
      ?.responseBody ?? '',
  ) as unknown

/** Everything anybody could find of a canary, however it was written down; of base64 what is the same wherever the bytes fall. */
function traces(canary: string): readonly string[] {
  const base64 = [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(canary)])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(before === 0 ? 0 : before + 1, -1)
  })
  const urlSafe = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [canary, encodeURIComponent(canary), ...base64, ...urlSafe, Buffer.from(canary).toString('hex')]
}
const assertGone = (entry: unknown, canary: string) => {
  const text = JSON.stringify(entry).toLowerCase()
  const joined = text.replace(/\\+[rn]/g, '')
  for (const trace of traces(canary).map(each => each.toLowerCase()))
    assert.ok(!text.includes(trace) && !joined.includes(trace), `${trace} in ${text}`)
}

const run = fc.stringMatching(/^[A-Za-z0-9]{14}$/)
const CANARY = fc
  .tuple(run, fc.constantFrom('', '/', '+', 'é"', '%', ',;', ' '), run)
  .map(([left, odd, right]) => `${left}${odd}${right}`)
const noise = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true }),
)
const name = fc.constantFrom('id', 'title', 'items', 'nested', 'comment', '__proto__', 'a b')
const ENCODINGS: readonly ((canary: string) => string)[] = [
  canary => canary,
  canary => `before ${canary} after`,
  canary => Buffer.from(`client:${canary}:end`).toString('base64'),
  canary => Buffer.from(canary).toString('base64url'),
  canary => Buffer.from(`x${canary}`).toString('hex'),
  canary => Buffer.from(canary).toString('hex').toUpperCase(),
  canary => `https://x.example/?q=${encodeURIComponent(canary)}`,
  canary => encodeURIComponent(encodeURIComponent(canary)),
  canary => [...canary].map(each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  canary =>
    (
      Buffer.from(canary)
        .toString('base64')
        .match(/.{1,9}/g) ?? []
    ).join('\r\n'),
  canary => JSON.stringify({ deep: JSON.stringify({ deeper: canary }) }),
]
const SECRET_NAMES = [
  'password',
  'Access-Token',
  'client_secret',
  'apiKey',
  'x-session-id',
  'set-cookie',
  'AUTHORIZATION',
]

/** A tree with one value somewhere inside. */
const treeAround = (leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.letrec<{ tree: unknown }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.array(noise, { maxLength: 3 }), tie('tree'), fc.array(noise, { maxLength: 3 }))
        .map(([a, b, c]) => [...a, b, ...c]),
      fc
        .tuple(fc.dictionary(name, noise, { maxKeys: 3 }), name, tie('tree'))
        .map(([others, key, inner]) => Object.fromEntries([...Object.entries(others), [key, inner]])),
    ),
  })).tree
const policies = fc.constantFrom<LoosePolicy>('permissive', 'standard')

describe('what is redacted was never written', () => {
  it('keeps no secret of the call in a JSON body, in whatever encoding, place or name', () => {
    fc.assert(
      fc.property(
        CANARY.chain(canary =>
          fc.tuple(
            fc.constant(canary),
            treeAround(fc.constantFrom(...ENCODINGS).map(encode => encode(canary))),
            treeAround(fc.constantFrom(...ENCODINGS).map(encode => ({ [encode(canary)]: 1 }))),
          ),
        ),
        policies,
        fc.integer({ min: 1, max: 2_000 }),
        ([canary, value, keyed], policy, cap) => {
          for (const tree of [value, keyed]) {
            const bytes = bytesOf(JSON.stringify(tree))
            const fields = {
              secrets: [canary],
              requestBody: body(bytes, 'application/json', cap),
              responseBody: body(bytes, null),
            }
            assertGone(kept(policy, fields), canary)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps nothing that a secret’s name holds, known or not', () => {
    fc.assert(
      fc.property(
        CANARY.chain(canary =>
          fc.tuple(
            fc.constant(canary),
            treeAround(
              fc
                .tuple(fc.constantFrom(...SECRET_NAMES), treeAround(fc.constant(canary)))
                .map(([key, inner]) => ({ [key]: inner })),
            ),
          ),
        ),
        policies,
        ([canary, tree], policy) =>
          assertGone(
            kept(policy, {
              responseBody: body(bytesOf(JSON.stringify({ nested: JSON.stringify(tree), tree })), 'application/json'),
            }),
            canary,
          ),
      ),
      { numRuns: 200 },
    )
  })

  it('keeps under standard no value of a body, a path, a query or a header, and no name that is one', () => {
    const value = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 @.]{18}[A-Za-z]$/)
    fc.assert(
      fc.property(
        value.chain(canary => fc.tuple(fc.constant(canary), treeAround(fc.constant(canary)))),
        fc.integer({ min: 1_000_000 }),
        ([canary, tree], number) => {
          const text = JSON.stringify({ tree, number, [`${canary}@x`]: 1 })
          const entry = kept('standard', {
            remainder: `people/${encodeURIComponent(canary)}/x?q=${encodeURIComponent(canary)}&${encodeURIComponent(`${canary}@`)}=1`,
            requestHeaders: [['x-note', canary]],
            requestBody: body(bytesOf(canary), 'text/plain'),
            responseBody: body(bytesOf(text), 'application/json'),
          })
          assertGone(entry.content, canary)
          assertGone(entry.removed, canary)
          assert.ok(!JSON.stringify(entry.content).includes(String(number)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps no secret in form, text, XML, event-stream or binary bodies, headers, path or query, wherever a body is cut', () => {
    const shapes: readonly ((secret: string) => readonly [string, string])[] = [
      secret => ['application/x-www-form-urlencoded', new URLSearchParams({ a: '1', note: secret, z: '2' }).toString()],
      secret => ['text/plain', `hello ${secret} there\n`.repeat(3)],
      secret => ['application/xml', `<a><b>${encodeURIComponent(secret)}</b></a>`],
      secret => ['text/event-stream', `data: ${JSON.stringify({ a: secret })}\n\n`.repeat(2)],
      secret => [
        'multipart/form-data; boundary=x',
        `--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n${secret}\r\n--x--`,
      ],
      secret => ['application/octet-stream', `\u0000\u0001${secret}`],
      secret => ['application/json', `{"a": ${secret} not json`],
    ]
    fc.assert(
      fc.property(
        CANARY,
        fc.constantFrom(...shapes),
        policies,
        fc.integer({ min: 1, max: 200 }),
        (canary, shape, policy, cap) => {
          const [type, text] = shape(canary)
          for (const limit of [cap, CAP]) {
            const entry = kept(policy, {
              secrets: [canary],
              remainder: `a/${encodeURIComponent(canary)}?b=${encodeURIComponent(canary)}`,
              requestHeaders: [
                ['x-a', canary],
                ['cookie', canary],
              ],
              requestBody: body(bytesOf(text), type, limit),
              responseHeaders: [['x-b', Buffer.from(canary).toString('base64')]],
            })
            assertGone(entry, canary)
            // Not even most of it: a cut inside a secret takes its beginning along.
            const plain = canary.slice(-20)
            assertGone(entry, plain.slice(0, 14))
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps nothing of what follows a secret’s name in texts that are not JSON', () => {
    for (const text of [
      'password=hunter2secret&x=1',
      'a=1&client%5Fsecret=hunter2secret',
      'x\nAuthorization: Digest username="una", response="hunter2secret"\ny',
      "{'apiKey': 'hunter2secret', b: 1}",
      '{\\"access_token\\":\\"hunter2secret\\"}',
      '<login><password type="text">hunter2secret</password></login>',
      '<token><value>hunter2secret</value></token>',
      'https://una:hunter2secret@api.example/x',
      'https://api.example/x?access_token=hunter2secret',
      'https%3A%2F%2Fapi.example%2Fx%3Faccess_token%3Dhunter2secret',
      '-----BEGIN PRIVATE KEY-----\nhunter2secret\n-----END PRIVATE KEY-----',
      '-----BEGIN EC PRIVATE KEY-----\nhunter2secret',
      'Bearer hunter2secret',
      'id: ghp_hunter2secret00000000',
      'eyJhbGciOiJub25lIn0.hunter2secret.hunter2secret',
    ])
      assertGone(kept('permissive', { responseBody: body(bytesOf(text), 'text/plain') }), 'hunter2secret')
  })

  it('cuts a text back to where no secret can have begun', () => {
    const cut = { bytes: bytesOf('hello, Bearer hunt'), isCut: true, contentType: 'text/plain', isOpaque: false }
    assert.equal(kept('permissive', { responseBody: cut }).content?.responseBody, 'hello, Bearer ')
    const whole = 'hello abcdefghij,;klmnopqrst'
    for (let end = 16; end < whole.length; end += 1) {
      const body = { ...cut, bytes: bytesOf(whole.slice(0, end)) }
      const entry = kept('permissive', { responseBody: body, secrets: ['abcdefghij,;klmnopqrst'] })
      assert.equal(entry.content?.responseBody, 'hello ', String(end))
    }
  })

  it('keeps metadata alone under strict, whatever was sent', () => {
    const entry = entryOf(redactStrictly(facts))
    assert.deepEqual(entry, {
      ...facts,
      level: 'info',
      redaction: 'strict',
      content: null,
      removed: [],
      expiresAt: 90 * 86_400_000,
    })
  })

  it('masks as documented: first and last character with five asterisks between, short values whole', () => {
    assert.equal(mask('Boston'), 'B*****n')
    assert.equal(mask('BEN'), '<REDACTED>')
    assert.equal(mask('🙂abc🙃'), '🙂*****🙃')
    const value = {
      name: 'Boston',
      age: 41,
      phone: 4155550100,
      ok: true,
      none: null,
      mail: 'una@acme.example',
      token: { deep: 1 },
    }
    assert.deepEqual(jsonKept('standard', value), {
      name: 'B*****n',
      age: '<REDACTED>',
      phone: '4*****0',
      ok: true,
      none: null,
      mail: '<REDACTED>',
      token: '<REDACTED>',
    })
    assert.deepEqual(jsonKept('permissive', value), { ...value, token: '<REDACTED>' })
  })

  it('says what was removed from where, and why', () => {
    const value = { user: { mail: 'una@acme.example', password: 'x' }, list: ['abcd', 'efgh'] }
    const entry = kept('standard', {
      responseBody: body(bytesOf(JSON.stringify(value)), 'application/json'),
      responseHeaders: [['X-Api-Key', 'v']],
    })
    assert.deepEqual(entry.removed, [
      { part: 'response_headers', kind: 'secret', count: 1, paths: ['x-api-key'] },
      { part: 'response_body', kind: 'email', count: 1, paths: ['/user/mail'] },
      { part: 'response_body', kind: 'secret', count: 1, paths: ['/user/password'] },
      { part: 'response_body', kind: 'masked', count: 2, paths: ['/list/0', '/list/1'] },
    ])
    assert.equal(entry.expiresAt, 14 * 86_400_000)
  })

  it('stays small and quick on hostile bodies: depth, many values, long runs', () => {
    const hostile = [
      '['.repeat(16_000),
      `[${'1,'.repeat(8_000)}1]`,
      `{${'"a":{'.repeat(2_000)}`,
      'a'.repeat(16_000),
      'password'.repeat(2_000),
      '%25'.repeat(5_000),
      `"${'\\u0041'.repeat(2_000)}"`,
    ]
    for (const text of hostile)
      for (const policy of ['permissive', 'standard'] as const)
        for (const cap of [16_384, 9_999]) {
          const entry = kept(policy, {
            responseBody: body(bytesOf(text), 'application/json', cap),
            secrets: ['s'.repeat(2_000)],
          })
          assert.ok(JSON.stringify(entry).length < 64_000)
        }
  })

  it('reads JSON that was cut up to its last whole value', () => {
    assert.equal(completeJson('{"a":1,"b":{"c":[1,2,"x'), '{"a":1,"b":{"c":[1,2]}}')
    assert.equal(completeJson('{"a":"x,y'), '{}')
    assert.equal(completeJson('[1]}'), undefined)
    assert.equal(completeJson('"abc'), undefined)
  })
})
