import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { jwtVerify } from 'jose'
import { eventually } from '../support/eventually.ts'
import { BASIC, type Quirk, type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'
import type { QuirkAnswer } from '../support/quirk-provider.ts'

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'
const RT = 'token=rt&token_type_hint=refresh_token'
const AT = 'token=at&token_type_hint=access_token'
const ID = 'client_id=cid&client_secret=csecret'
/** What consent brings, and what a refresh past its end makes of it: the latter is revoked. */
const GRANT = { access_token: 'at0', refresh_token: 'rt0', expires_in: 3600 }
const RENEWED = { access_token: 'at', refresh_token: 'rt', expires_in: 3600 }
const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/

/** What is expected to arrive: `METHOD url | header: value | body`, in this order. */
type Row = {
  readonly n: number
  readonly provider: string
  readonly auth: object | ((origin: string) => object)
  readonly arrives: readonly string[]
  readonly answer?: QuirkAnswer
  readonly grant?: object
  readonly renewed?: object
  readonly status?: 'revoked' | 'disconnecting' | 'disconnected_unconfirmed'
  readonly more?: object
  readonly callback?: Record<string, string>
}
const steps =
  (...all: readonly object[]) =>
  (origin: string) => ({
    revocation: {
      steps: all.map(step => ({ ...step, url: `${origin}${(step as { url?: string }).url ?? '/revoke'}` })),
    },
  })
const short = (revoke?: object) => (origin: string) => ({
  revoke_url: `${origin}/revoke`,
  ...(revoke === undefined ? {} : { revoke }),
})
const rt = { token: 'refresh_token' }
const at = { token: 'access_token' }
const none = { authentication: 'none' }
const bearer = { authentication: 'bearer', position: 'none' }
const body = { authentication: 'request_body' }
const basic = { authentication: 'basic' }

/** The 44 shapes that real providers' revocation has. */
const ROWS: readonly Row[] = [
  {
    n: 1,
    provider: 'Google',
    auth: steps({ ...rt, ...none, effect: 'grant' }),
    arrives: ['POST /revoke | | token=rt'],
  },
  {
    n: 2,
    provider: 'GitHub',
    auth: steps({
      ...at,
      ...basic,
      method: 'DELETE',
      url: '/applications/{client_id}/grant',
      position: 'json',
      token_key: 'access_token',
      effect: 'grant',
    }),
    arrives: [`DELETE /applications/cid/grant | ${BASIC} | {"access_token":"at"}`],
    answer: { status: 204 },
  },
  {
    n: 3,
    provider: 'Salesforce',
    auth: steps({ ...rt, ...none, url: '/services/oauth2/revoke', success: [{ status: [200, 302] }] }),
    arrives: ['POST /services/oauth2/revoke | | token=rt'],
    answer: { status: 302, headers: { location: '/done' } },
  },
  {
    n: 4,
    provider: 'Slack',
    auth: (o: string) => ({
      ...steps(
        { ...at, ...bearer, success: [{ pointer: '/revoked', equals: [true] }] },
        { token: 'bot', ...bearer, success: [{ pointer: '/revoked', equals: [true] }] },
      )(o),
      token_response: { extra_tokens: { bot: '/bot_token' } },
    }),
    grant: { ...GRANT, bot_token: 'bt0' },
    renewed: { ...RENEWED, bot_token: 'bt' },
    arrives: ['POST /revoke | Bearer at |', 'POST /revoke | Bearer bt |'],
    answer: { body: { ok: true, revoked: true } },
  },
  {
    n: 5,
    provider: 'Zoom',
    auth: steps({ ...at, ...basic, position: 'query', success: [{ pointer: '/status', equals: ['success'] }] }),
    arrives: [`POST /revoke?token=at | ${BASIC} |`],
    answer: { body: { status: 'success' } },
  },
  {
    n: 6,
    provider: 'Dropbox',
    auth: steps({ ...at, ...bearer, needs_fresh_access_token: true }),
    arrives: ['POST /revoke | Bearer at2 |'],
    answer: { body: 'null' },
  },
  { n: 7, provider: 'Box', auth: steps({ ...rt, ...body }), arrives: [`POST /revoke | | token=rt&${ID}`] },
  { n: 8, provider: 'Asana', auth: steps({ ...rt, ...body }), arrives: [`POST /revoke | | token=rt&${ID}`] },
  { n: 9, provider: 'Linear', auth: steps({ ...at, ...bearer }), arrives: ['POST /revoke | Bearer at |'] },
  {
    n: 10,
    provider: 'HubSpot',
    auth: steps({ ...rt, ...none, method: 'DELETE', url: '/oauth/v1/refresh-tokens/{token}', position: 'path' }),
    arrives: ['DELETE /oauth/v1/refresh-tokens/rt | |'],
    answer: { status: 204 },
  },
  {
    n: 11,
    provider: 'Intercom',
    auth: steps({ ...at, ...bearer, url: '/auth/uninstall', body: 'json', effect: 'application' }),
    arrives: ['POST /auth/uninstall | Bearer at | {}'],
  },
  {
    n: 12,
    provider: 'Okta',
    auth: short(),
    arrives: [`POST /revoke | ${BASIC} | ${RT}`, `POST /revoke | ${BASIC} | ${AT}`],
  },
  {
    n: 13,
    provider: 'QuickBooks',
    auth: steps({ ...rt, ...basic, position: 'json', already_gone: [{ status: [400] }] }),
    arrives: [`POST /revoke | ${BASIC} | {"token":"rt"}`],
    answer: { status: 400 },
  },
  {
    n: 14,
    provider: 'Xero',
    auth: steps(
      { ...at, ...bearer, method: 'DELETE', url: '/connections/{tenant}' },
      { ...rt, ...basic, url: '/connect/revocation' },
    ),
    more: { variables: { tenant: { source: 'token', at: '/tenant_id' } } },
    grant: { ...GRANT, tenant_id: 't 1' },
    arrives: ['DELETE /connections/t%201 | Bearer at |', `POST /connect/revocation | ${BASIC} | token=rt`],
    answer: { status: 204 },
  },
  {
    n: 15,
    provider: 'Notion',
    auth: steps({ ...at, ...basic, position: 'json' }),
    arrives: [`POST /revoke | ${BASIC} | {"token":"at"}`],
  },
  {
    n: 16,
    provider: 'GitLab',
    auth: steps({ ...rt, ...body }),
    arrives: [`POST /revoke | | token=rt&${ID}`],
    answer: { body: {} },
  },
  {
    n: 17,
    provider: 'Discord',
    auth: steps({ ...rt, ...body, token_type_hint: true }),
    arrives: [`POST /revoke | | ${RT}&${ID}`],
    answer: { body: {} },
  },
  {
    n: 18,
    provider: 'Reddit',
    auth: steps({ ...rt, ...basic, token_type_hint: true, headers: { 'User-Agent': 'web:acme:1 (by /u/acme)' } }),
    arrives: [`POST /revoke | ${BASIC} | ${RT}`],
    answer: { status: 204 },
  },
  {
    n: 19,
    provider: 'X',
    auth: steps({ ...at, ...basic, token_type_hint: true, success: [{ pointer: '/revoked', equals: [true] }] }),
    arrives: [`POST /revoke | ${BASIC} | ${AT}`],
    answer: { body: { revoked: true } },
  },
  { n: 20, provider: 'LinkedIn', auth: steps({ ...at, ...body }), arrives: [`POST /revoke | | token=at&${ID}`] },
  {
    n: 21,
    provider: 'Facebook',
    auth: steps({
      ...at,
      ...none,
      method: 'DELETE',
      url: '/me/permissions',
      token_key: 'access_token',
      effect: 'application',
      success: [{ pointer: '/success', equals: [true] }],
    }),
    arrives: ['DELETE /me/permissions?access_token=at | |'],
    answer: { body: { success: true } },
  },
  {
    n: 22,
    provider: 'TikTok',
    auth: (origin: string) => ({
      ...steps({ ...at, ...body })(origin),
      token_request: { rename: { client_id: 'client_key' } },
    }),
    arrives: ['POST /revoke | | token=at&client_key=cid&client_secret=csecret'],
  },
  {
    n: 23,
    provider: 'Shopify',
    auth: steps({
      ...at,
      ...none,
      method: 'DELETE',
      url: '/admin/api_permissions/current.json',
      position: 'header',
      token_key: 'X-Shopify-Access-Token',
      effect: 'application',
    }),
    arrives: ['DELETE /admin/api_permissions/current.json | x-shopify-access-token: at |'],
  },
  {
    n: 24,
    provider: 'Zendesk',
    auth: steps({ ...at, ...bearer, method: 'DELETE', url: '/api/v2/oauth/tokens/current.json' }),
    arrives: ['DELETE /api/v2/oauth/tokens/current.json | Bearer at |'],
    answer: { status: 404 },
  },
  {
    n: 25,
    provider: 'Stripe',
    auth: steps({
      token: 'none',
      authentication: 'header',
      authentication_header: { value: 'Bearer {client_secret}' },
      url: '/oauth/deauthorize',
      body: 'form',
      data: { client_id: '{client_id}', stripe_user_id: '{stripe_user_id}' },
      effect: 'application',
    }),
    more: { variables: { stripe_user_id: { source: 'token', at: '/stripe_user_id' } } },
    grant: { ...GRANT, stripe_user_id: 'acct_1' },
    arrives: ['POST /oauth/deauthorize | Bearer csecret | client_id=cid&stripe_user_id=acct_1'],
    answer: { body: { stripe_user_id: 'acct_1' } },
  },
  {
    n: 26,
    provider: 'Square',
    auth: steps({
      ...at,
      authentication: 'header',
      authentication_header: { value: 'Client {client_secret}' },
      position: 'json',
      token_key: 'access_token',
      data: { client_id: '{client_id}', revoke_only_access_token: 'false' },
      success: [{ pointer: '/success', equals: [true] }],
    }),
    arrives: [
      'POST /revoke | Client csecret | {"client_id":"cid","revoke_only_access_token":"false","access_token":"at"}',
    ],
    answer: { body: { success: true } },
  },
  {
    n: 27,
    provider: 'Strava',
    auth: steps({ ...at, ...none, token_key: 'access_token', url: '/oauth/deauthorize' }),
    arrives: ['POST /oauth/deauthorize | | access_token=at'],
  },
  {
    n: 28,
    provider: 'Pipedrive',
    auth: steps({ ...rt, ...basic, token_type_hint: true, effect: 'application' }),
    arrives: [`POST /revoke | ${BASIC} | ${RT}`],
  },
  { n: 29, provider: 'Calendly', auth: steps({ ...rt, ...body }), arrives: [`POST /revoke | | token=rt&${ID}`] },
  {
    n: 30,
    provider: 'Zoho',
    auth: (o: string) => ({
      revocation: {
        steps: [
          {
            ...rt,
            ...none,
            url: '{accounts_server}/oauth/v2/token/revoke',
            position: 'query',
            success: [{ pointer: '/status', equals: ['success'] }],
          },
        ],
      },
      token_url: `${o}/token`,
    }),
    callback: { 'accounts-server': 'ORIGIN' },
    more: { variables: 'accounts_server' },
    arrives: ['POST /oauth/v2/token/revoke?token=rt | |'],
    answer: { body: { status: 'success' } },
  },
  {
    n: 31,
    provider: 'Apple',
    auth: (origin: string) => ({
      ...short()(origin),
      client_secret: undefined,
      client_authentication: 'private_key_jwt',
      client_assertion: {
        kid: 'ABC123DEFG',
        iss: 'TEAM',
        aud: 'https://appleid.apple.com',
        sent_as: 'client_secret',
      },
      secrets: { private_key: signing.privateKey.export({ format: 'pem', type: 'pkcs8' }) },
    }),
    arrives: [
      `POST /revoke | | ${RT}&client_id=cid&client_secret=JWT`,
      `POST /revoke | | ${AT}&client_id=cid&client_secret=JWT`,
    ],
  },
  {
    n: 32,
    provider: 'FreshBooks',
    auth: steps({ ...rt, ...body, position: 'json' }),
    arrives: ['POST /revoke | | {"token":"rt","client_id":"cid","client_secret":"csecret"}'],
  },
  {
    n: 33,
    provider: 'ServiceNow',
    auth: steps({ ...none, url: '/oauth_revoke_token.do', position: 'query' }),
    arrives: ['POST /oauth_revoke_token.do?token=rt | |', 'POST /oauth_revoke_token.do?token=at | |'],
  },
  {
    n: 34,
    provider: 'Todoist',
    auth: short({ authentication: 'basic' }),
    arrives: [`POST /revoke | ${BASIC} | ${RT}`, `POST /revoke | ${BASIC} | ${AT}`],
    answer: { status: 204 },
  },
  { n: 35, provider: 'Fitbit', auth: steps({ ...rt, ...basic }), arrives: [`POST /revoke | ${BASIC} | token=rt`] },
  {
    n: 36,
    provider: 'Twitch',
    auth: steps({ ...at, authentication: 'client_id' }),
    arrives: ['POST /revoke | | token=at&client_id=cid'],
  },
  {
    n: 37,
    provider: 'DigitalOcean',
    auth: steps({ ...rt, authentication: 'bearer_access_token' }),
    arrives: ['POST /revoke | Bearer at | token=rt'],
  },
  {
    n: 38,
    provider: 'Klaviyo',
    auth: steps({ ...rt, ...basic, token_type_hint: true }),
    arrives: [`POST /revoke | ${BASIC} | ${RT}`],
  },
  {
    n: 39,
    provider: 'Supabase',
    auth: steps({ ...rt, ...body, position: 'json', token_key: 'refresh_token' }),
    arrives: ['POST /revoke | | {"refresh_token":"rt","client_id":"cid","client_secret":"csecret"}'],
    answer: { status: 204 },
  },
  {
    n: 40,
    provider: 'Fillout',
    auth: steps({
      ...at,
      ...none,
      method: 'DELETE',
      url: '/public/oauth/invalidate',
      position: 'header',
      token_key: 'Authentication',
      token_value: 'Bearer {token}',
    }),
    arrives: ['DELETE /public/oauth/invalidate | authentication: Bearer at |'],
  },
  {
    n: 41,
    provider: 'AcrobatSign',
    auth: () => ({ revocation: { steps: [{ ...rt, ...none, url: '{api_access_point}/oauth/v2/revoke' }] } }),
    more: { variables: 'api_access_point' },
    grant: { ...GRANT, api_access_point: 'ORIGIN/' },
    arrives: ['POST /oauth/v2/revoke | | token=rt'],
  },
  {
    n: 42,
    provider: 'Dialpad',
    auth: steps({ ...at, ...bearer, url: '/oauth2/deauthorize', effect: 'application' }),
    arrives: ['POST /oauth2/deauthorize | Bearer at |'],
  },
  {
    n: 43,
    provider: 'Acuity',
    auth: steps({ ...at, ...body, token_key: 'access_token', url: '/oauth2/disconnect' }),
    arrives: [`POST /oauth2/disconnect | | access_token=at&${ID}`],
  },
  {
    n: 44,
    provider: 'OneLogin',
    auth: steps({
      ...at,
      authentication: 'header',
      authentication_header: { value: 'client_id:{client_id}, client_secret:{client_secret}' },
      position: 'json',
      token_key: 'access_token',
      url: '/auth/oauth2/revoke',
    }),
    arrives: ['POST /auth/oauth2/revoke | client_id:cid, client_secret:csecret | {"access_token":"at"}'],
  },
]
/** Shapes beside them: what fails, what is unsupported, what is tried without a promise. */
const OTHERS: readonly Row[] = [
  {
    n: 45,
    provider: 'Microsoft',
    auth: { revocation: { unsupported: true }, instructions_url: 'https://myapps.microsoft.com' },
    arrives: [],
    status: 'disconnected_unconfirmed',
  },
  {
    n: 46,
    provider: 'Atlassian',
    auth: steps({ ...rt, ...basic, best_effort: true }, { ...at, ...basic, url: '/second' }),
    arrives: [`POST /revoke | ${BASIC} | token=rt`, `POST /second | ${BASIC} | token=at`],
    answer: { status: 403 },
    status: 'disconnecting',
  },
]

const named = ({ n, provider }: Row): string => `r${n}-${provider.toLowerCase()}`
const quirk = (row: Row): Quirk => ({
  name: named(row),
  behaviour: { endpoints: {} },
  definition: (origin, host) => {
    const { variables, ...more } = (row.more ?? {}) as { variables?: unknown }
    const source =
      row.provider === 'Zoho'
        ? { source: 'callback', at: 'accounts-server' }
        : { source: 'token', at: '/api_access_point' }
    const declared =
      typeof variables === 'string' ? { [variables]: { ...source, type: 'url', host_suffixes: [host] } } : variables
    const auth = typeof row.auth === 'function' ? row.auth(origin) : row.auth
    return { ...more, ...(declared === undefined ? {} : { variables: declared }), auth }
  },
})

describe('revocation, in the shape of each provider', () => {
  const all = [...ROWS, ...OTHERS]
  let rig: QuirkBroker
  const ended = new Map<string, Record<string, unknown>>()
  const order = new Map<string, readonly string[]>()
  before(async () => {
    rig = await startQuirkBroker(all.map(quirk))
    for (const row of all) {
      const name = named(row)
      const origin = rig.provider.origin(name)
      const filled = JSON.parse(JSON.stringify(row.grant ?? GRANT).replaceAll('ORIGIN', origin))
      const renewed = JSON.parse(JSON.stringify(row.renewed ?? RENEWED).replaceAll('ORIGIN', origin))
      const forItsEnd = { access_token: 'at2', expires_in: 3600 }
      const endpoints = Object.fromEntries(
        row.arrives.map(line => [line.split(' | ', 1)[0]?.split('?', 1)[0] ?? '', row.answer ?? {}]),
      )
      const callback = Object.fromEntries(
        Object.entries(row.callback ?? {}).map(([key, value]) => [key, value.replace('ORIGIN', origin)]),
      )
      rig.provider.behave(name, {
        callback,
        endpoints: { ...endpoints, 'POST /token': [{ body: filled }, { body: renewed }, { body: forItsEnd }] },
      })
      await rig.connect(name)
    }
    const callAll = async () =>
      Promise.all(all.map(async row => assert.equal((await rig.call(named(row))).status, 200, named(row))))
    await callAll()
    rig.broker.advance(3_700_000)
    await callAll()
    await Promise.all(all.map(async row => ended.set(named(row), await settled(row))))
    for (const row of all) order.set(named(row), arrived(row))
  })
  after(() => rig[Symbol.asyncDispose]())

  // The job that tries what is due may have taken a token first: then the answer to the disconnect comes before its outcome.
  async function settled(row: Row): Promise<Record<string, unknown>> {
    const answer = await rig.disconnect(named(row))
    if (row.status === 'disconnecting') return answer
    const read = async () => (await rig.broker.api(`/connections/${String(answer['id'])}`)).body
    return eventually(read, ({ status }) => status !== 'disconnecting')
  }

  function arrived(row: Row): readonly string[] {
    const endpoints = [...new Set(row.arrives.map(line => line.split(' | ', 1)[0]?.split('?', 1)[0] ?? ''))]
    return endpoints.flatMap(endpoint =>
      rig.provider.seen(named(row), endpoint).map(({ method, url, headers, body: sent }) => {
        const own = Object.entries(headers).find(
          ([name]) => name === 'x-shopify-access-token' || name === 'authentication',
        )
        const credential = headers.authorization ?? (own === undefined ? '' : `${own[0]}: ${String(own[1])}`)
        return `${method} ${url} | ${credential} | ${sent.replace(JWT, 'JWT')}`.replace('|  |', '| |').trimEnd()
      }),
    )
  }

  for (const row of all)
    it(`${row.n} ${row.provider}: sends what is expected, and ends as ${row.status ?? 'revoked'}`, () => {
      assert.deepEqual(order.get(named(row)), row.arrives)
      assert.equal(ended.get(named(row))?.['status'], row.status ?? 'revoked')
    })

  it('sends forms as forms and JSON as JSON, and a User-Agent always', () => {
    const form = rig.provider.seen('r7-box', 'POST /revoke')[0]
    assert.equal(form?.headers['content-type'], FORM)
    const json = rig.provider.seen('r13-quickbooks', 'POST /revoke')[0]
    assert.equal(json?.headers['content-type'], 'application/json')
    assert.equal(
      rig.provider.seen('r10-hubspot', 'DELETE /oauth/v1/refresh-tokens/rt')[0]?.headers['user-agent'],
      'Behalf',
    )
    assert.equal(rig.provider.seen('r18-reddit', 'POST /revoke')[0]?.headers['user-agent'], 'web:acme:1 (by /u/acme)')
  })

  it('calls each of them first with the token of its consent, and past its end with the one that a refresh brought', () => {
    for (const row of all) {
      const calls = rig.provider.seen(named(row), 'GET /api/me').map(({ headers }) => headers.authorization)
      assert.deepEqual(calls, ['Bearer at0', 'Bearer at'], named(row))
      const [, refreshed] = rig.provider.seen(named(row), 'POST /token')
      assert.equal(new URLSearchParams(refreshed?.body).get('refresh_token'), 'rt0', named(row))
    }
  })

  it('signs what Apple takes for the client secret, for the revocation as for the token endpoint', async () => {
    const sent = rig.provider.seen('r31-apple', 'POST /revoke')[0]?.body ?? ''
    const { payload, protectedHeader } = await jwtVerify(JWT.exec(sent)?.[0] ?? '', signing.publicKey, {
      currentDate: new Date(Date.now() + 3_700_000),
    })
    assert.deepEqual(
      [payload.iss, payload.sub, payload.aud, protectedHeader.alg, protectedHeader.kid],
      ['TEAM', 'cid', 'https://appleid.apple.com', 'ES256', 'ABC123DEFG'],
    )
  })

  it('logs no token that travels in a path or a query', () => {
    assert.ok(!rig.broker.log.some(line => line.includes('/refresh-tokens/rt') || line.includes('token=rt')))
  })
})
