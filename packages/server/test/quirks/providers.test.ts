import assert from 'node:assert/strict'
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { BASIC, type Quirk, type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'
import type { QuirkBehaviour, SeenQuirk } from '../support/quirk-provider.ts'

const HOUR_MS = 3_600_000
const json = (body: unknown, status = 200) => ({ status, body })
const grant = (n: number, more: object = {}) => ({
  access_token: `at${n}`,
  refresh_token: `rt${n}`,
  expires_in: 3600,
  ...more,
})
/** A grant, and what a refresh brings. */
const twice = (more: object = {}) => [json(grant(1, more)), json(grant(2, more))]
const fieldsOf = ({ body, query, headers }: SeenQuirk): Record<string, unknown> => {
  if (headers['content-type']?.startsWith('application/json')) return JSON.parse(body)
  return Object.fromEntries(body === '' ? query : new URLSearchParams(body))
}

type Row = {
  readonly provider: string
  readonly quirk: string
  readonly behaviour: QuirkBehaviour
  readonly definition: Quirk['definition']
  readonly asked?: Record<string, string>
  /** Of the authorization request. */
  readonly authorize?: (query: URLSearchParams, url: string) => void
  /** Of the exchange and, where there is one, the refresh. */
  readonly token?: (request: SeenQuirk, fields: Record<string, unknown>) => void
  readonly tokenAt?: string
  readonly refresh?: (request: SeenQuirk, fields: Record<string, unknown>) => void
  readonly refreshAt?: string
  /** Of the API call; by default at `/api/me` with the access token of the first answer. */
  readonly call?: (request: SeenQuirk) => void
  readonly callAt?: string
  readonly connection?: (connection: Record<string, unknown>) => void
  /** The tokens that a disconnect sends to be revoked; by default those of the second answer, the refresh token first. */
  readonly ends?: readonly string[]
}
const token = (...answers: readonly object[]): QuirkBehaviour => ({ endpoints: { 'POST /token': answers } })
const standard = token(...twice())
const metadata = (issuer: string, more: object = {}) => ({
  'GET /.well-known/openid-configuration': json({
    issuer,
    authorization_endpoint: 'ORIGIN/auth',
    token_endpoint: 'ORIGIN/token',
    revocation_endpoint: 'ORIGIN/revoke',
    ...more,
  }),
})
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 })
const bearer = (value: string) => (request: SeenQuirk) => assert.equal(request.headers.authorization, `Bearer ${value}`)

/** What real providers do that no RFC has. */
const ROWS: readonly Row[] = [
  {
    provider: 'Slack',
    quirk: 'a token of the person beside one of the bot, commas, a second scope parameter, and errors with 200',
    behaviour: token(
      json({
        ok: true,
        access_token: 'bot1',
        authed_user: { access_token: 'at1', refresh_token: 'rt1', scope: 'read,chat', expires_in: 43_200 },
      }),
      json({ ok: true, access_token: 'bot2', authed_user: { access_token: 'at2', refresh_token: 'rt2' } }),
    ),
    definition: () => ({
      auth: {
        scope: ['read', 'chat'],
        scope_separator: ',',
        extra_scope_params: [{ name: 'user_scope', scope: ['a', 'b'] }],
        token_response: {
          access_token: '/authed_user/access_token',
          refresh_token: '/authed_user/refresh_token',
          scope: '/authed_user/scope',
          expires: { at: '/authed_user/expires_in' },
          extra_tokens: { bot: '/access_token' },
          success: [{ pointer: '/ok', equals: [true] }],
        },
      },
    }),
    authorize: query => assert.deepEqual([query.get('scope'), query.get('user_scope')], ['read,chat', 'a,b']),
  },
  {
    provider: 'Salesforce',
    quirk: 'the API host in the answer, and a life that only introspection tells',
    behaviour: {
      endpoints: {
        'POST /token': [
          json({ access_token: 'at1', refresh_token: 'rt1', instance_url: 'ORIGIN/na1' }),
          json({ access_token: 'at2' }),
        ],
        'POST /introspect': json({ active: true, exp: Math.floor(Date.now() / 1000) + 3600 }),
        'GET /na1/services/me': json({}),
      },
    },
    definition: (origin, host) => ({
      base_url: '{instance_url}/services',
      variables: { instance_url: { source: 'token', at: '/instance_url', type: 'url', host_suffixes: [host] } },
      auth: { introspection_url: `${origin}/introspect`, token_response: { expires: { from: 'introspection' } } },
    }),
    callAt: 'GET /na1/services/me',
    ends: ['rt1', 'at2'],
  },
  {
    provider: 'Google',
    quirk: 'offline access always, consent only when reconnecting, and fewer scopes under other names',
    behaviour: token(...twice({ scope: 'https://g/userinfo.email' })),
    definition: () => ({
      auth: {
        scope: ['email', 'calendar'],
        authorization_params: [{ name: 'access_type', value: 'offline' }],
        reconnect_params: [{ name: 'prompt', value: 'consent' }],
        scope_aliases: { email: ['https://g/userinfo.email'] },
      },
    }),
    authorize: query => assert.deepEqual([query.get('access_type'), query.get('prompt')], ['offline', null]),
    connection: found => assert.deepEqual(found['granted_scope'], ['https://g/userinfo.email']),
  },
  {
    provider: 'Microsoft',
    quirk: 'the tenant in both URLs, and a scope for refresh tokens',
    behaviour: { endpoints: { 'POST /common/token': twice() } },
    definition: origin => ({
      variables: { tenant: { value: 'common' } },
      auth: {
        authorization_url: `${origin}/auth?tenant={tenant}`,
        token_url: `${origin}/{tenant}/token`,
        refresh_scope: ['offline_access'],
      },
    }),
    tokenAt: 'POST /common/token',
    refreshAt: 'POST /common/token',
    authorize: query => assert.deepEqual([query.get('scope'), query.get('tenant')], ['read offline_access', 'common']),
  },
  {
    provider: 'GitHub',
    quirk: 'a form for an answer, and a refresh token of six months',
    behaviour: token(
      {
        body: 'access_token=at1&refresh_token=rt1&expires_in=28800&refresh_token_expires_in=15897600&scope=read',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { body: 'access_token=at2&refresh_token=rt2' },
    ),
    definition: () => ({
      auth: { token_response: { format: 'form', refresh_expires: { at: '/refresh_token_expires_in' } } },
    }),
    connection: found => assert.ok(Date.parse(String(found['consent_until'])) > Date.now() + 180 * 24 * HOUR_MS),
  },
  {
    provider: 'Notion',
    quirk: 'a JSON body beside Basic, a version header, and no scope',
    behaviour: token(...twice()),
    definition: () => ({
      auth: { scope: [], token_request: { format: 'json', headers: { 'Notion-Version': '2022-06-28' } } },
      gateway: { headers: { 'Notion-Version': '2022-06-28' } },
    }),
    authorize: query => assert.equal(query.has('scope'), false),
    token: ({ headers }, fields) =>
      assert.deepEqual(
        [headers.authorization, headers['notion-version'], fields['grant_type']],
        [BASIC, '2022-06-28', 'authorization_code'],
      ),
    call: ({ headers }) => assert.equal(headers['notion-version'], '2022-06-28'),
  },
  {
    provider: 'HubSpot',
    quirk: 'one grant for several connections of an account',
    behaviour: token(...twice({ hub_id: 7, user: 'una@x' })),
    definition: () => ({ account: { from: 'token_answer', id: '/hub_id', label: ['/user'], shared_grant: true } }),
    connection: found =>
      assert.deepEqual([found['account_id'], found['account_label'], found['shares_grant_with']], ['7', 'una@x', []]),
  },
  {
    provider: 'Shopify',
    quirk: 'a shop that is asked for, a header of its own, and a signed callback',
    behaviour: standard,
    asked: { shop: '127' },
    definition: (_, host) => ({
      base_url: 'http://{site}/q-shopify/api/{shop}',
      variables: {
        shop: { source: 'person', type: 'label', label: 'Your shop', pattern: '[a-z0-9-]{2,60}' },
        site: { value: host, type: 'host', host_suffixes: [host] },
      },
      auth: {
        scope_separator: ',',
        token_request: { data: { expiring: '1' } },
        injection: { header: 'X-Shopify-Access-Token', value: '%s' },
      },
    }),
    token: (_, fields) => assert.equal(fields['expiring'], '1'),
    callAt: 'GET /api/127/me',
    call: ({ headers }) =>
      assert.deepEqual([headers['x-shopify-access-token'], headers.authorization], ['at1', undefined]),
  },
  {
    provider: 'Zendesk',
    quirk: 'a life that must be asked for, on refresh too',
    behaviour: standard,
    definition: () => ({
      auth: { token_request: { data: { expires_in: '7200' } }, refresh_request: { data: { expires_in: '7200' } } },
    }),
    token: (_, fields) => assert.equal(fields['expires_in'], '7200'),
    refresh: (_, fields) => assert.equal(fields['expires_in'], '7200'),
  },
  {
    provider: 'ServiceNow',
    quirk: 'an instance that the organization sets',
    behaviour: { endpoints: { 'POST /dev1/token': twice() } },
    definition: (origin, host) => ({
      variables: { instance: { type: 'host', value: host } },
      auth: { token_url: `http://{instance}/q-servicenow/dev1/token`, authorization_url: `${origin}/auth` },
    }),
    tokenAt: 'POST /dev1/token',
    refreshAt: 'POST /dev1/token',
  },
  {
    provider: 'Workday',
    quirk: 'the tenant in both paths and Basic',
    behaviour: { endpoints: { 'POST /oauth2/acme/token': twice() } },
    asked: { tenant: 'acme' },
    definition: origin => ({
      variables: { tenant: { source: 'person' } },
      auth: { token_url: `${origin}/oauth2/{tenant}/token`, authorization_url: `${origin}/auth?t={tenant}` },
    }),
    tokenAt: 'POST /oauth2/acme/token',
    refreshAt: 'POST /oauth2/acme/token',
    authorize: query => assert.equal(query.get('t'), 'acme'),
  },
  {
    provider: 'LinkedIn',
    quirk: 'no PKCE',
    behaviour: standard,
    definition: () => ({ auth: { pkce: 'none' } }),
    authorize: query => assert.equal(query.has('code_challenge'), false),
    token: (_, fields) => assert.equal('code_verifier' in fields, false),
  },
  {
    provider: 'X',
    quirk: 'PKCE and Basic together, and a scope of its own for refresh tokens',
    behaviour: standard,
    definition: () => ({ auth: { refresh_scope: ['offline.access'] } }),
    authorize: query =>
      assert.deepEqual([query.get('scope'), query.get('code_challenge_method')], ['read offline.access', 'S256']),
    token: ({ headers }, fields) =>
      assert.ok(headers.authorization === BASIC && String(fields['code_verifier']).length >= 43),
  },
  {
    provider: 'Facebook',
    quirk: 'no refresh token: a long-lived token for a short one, and again before it ends',
    behaviour: {
      endpoints: {
        'POST /token': json({ access_token: 'short', expires_in: 600 }),
        'GET /exchange': [
          json({ access_token: 'at1', expires_in: 3600 }),
          json({ access_token: 'at2', expires_in: 3600 }),
        ],
      },
    },
    definition: origin => {
      const exchange = {
        url: `${origin}/exchange`,
        method: 'GET',
        data: {
          grant_type: 'fb_exchange_token',
          client_id: '{client_id}',
          client_secret: '{client_secret}',
          fb_exchange_token: '{access_token}',
        },
      }
      return {
        auth: { second_exchange: exchange, refresh: { strategy: 'exchange_access_token', exchange, margin_s: 1800 } },
      }
    },
    refreshAt: 'GET /exchange',
    refresh: (_, fields) =>
      assert.deepEqual(fields, {
        grant_type: 'fb_exchange_token',
        client_id: 'cid',
        client_secret: 'csecret',
        fb_exchange_token: 'at1',
      }),
    ends: ['at2'],
  },
  {
    provider: 'TikTok',
    quirk: 'client_key for client_id at both ends, commas, and data nested',
    behaviour: token(json({ code: 0, data: grant(1) }), json({ code: 0, data: grant(2) })),
    definition: () => ({
      auth: {
        client_authentication: 'client_secret_post',
        scope_separator: ',',
        authorization_request: { rename: { client_id: 'client_key' } },
        token_request: { rename: { client_id: 'client_key' } },
        token_response: {
          access_token: '/data/access_token',
          refresh_token: '/data/refresh_token',
          expires: { at: '/data/expires_in' },
          error: '/code',
          error_description: '/message',
        },
      },
    }),
    authorize: query => assert.deepEqual([query.get('client_key'), query.has('client_id')], ['cid', false]),
    token: (_, fields) => assert.deepEqual([fields['client_key'], 'client_id' in fields], ['cid', false]),
    refresh: (_, fields) => assert.equal(fields['client_key'], 'cid'),
  },
  {
    provider: 'Reddit',
    quirk: 'a permanent duration and a User-Agent of its own',
    behaviour: standard,
    definition: () => ({
      auth: {
        authorization_params: [{ name: 'duration', value: 'permanent' }],
        token_request: { headers: { 'User-Agent': 'web:acme:1' } },
      },
      gateway: { headers: { 'User-Agent': 'web:acme:1' } },
    }),
    authorize: query => assert.equal(query.get('duration'), 'permanent'),
    token: ({ headers }) => assert.equal(headers['user-agent'], 'web:acme:1'),
    refresh: ({ headers }) => assert.equal(headers['user-agent'], 'web:acme:1'),
    call: ({ headers }) => assert.equal(headers['user-agent'], 'web:acme:1'),
  },
  {
    provider: 'QuickBooks',
    quirk: 'the company in the callback',
    behaviour: { ...standard, callback: { realmId: '9130' } },
    definition: origin => ({
      base_url: `${origin}/api/company/{realm_id}`,
      variables: { realm_id: { source: 'callback', at: 'realmId', pattern: '[0-9]{1,20}' } },
    }),
    callAt: 'GET /api/company/9130/me',
  },
  {
    provider: 'Zoho',
    quirk: 'the token host in the callback, under known domains',
    behaviour: { endpoints: { 'POST /eu/token': twice() }, callback: { 'accounts-server': 'ORIGIN/eu' } },
    definition: (origin, host) => ({
      variables: {
        accounts: { source: 'callback', at: 'accounts-server', type: 'url', host_suffixes: [host], default: origin },
      },
      auth: { token_url: '{accounts}/token' },
    }),
    tokenAt: 'POST /eu/token',
    refreshAt: 'POST /eu/token',
  },
  {
    provider: 'Amazon',
    quirk: 'a code of another name',
    behaviour: { ...standard, codeParam: 'spapi_oauth_code', callback: { selling_partner_id: 'A1' } },
    definition: () => ({
      variables: { selling_partner_id: { source: 'callback', at: 'selling_partner_id' } },
      auth: { authorization_request: { code_param: 'spapi_oauth_code' } },
    }),
    token: (_, fields) => assert.equal(fields['code'], 'the-code'),
    connection: found => assert.deepEqual(found['variables'], { selling_partner_id: 'A1' }),
  },
  {
    provider: 'Jira',
    quirk: 'a site that a call after consent tells',
    behaviour: {
      endpoints: {
        'POST /token': twice(),
        'GET /accessible-resources': json([{ id: 'cloud-1', name: 'acme', avatarUrl: 'https://x.example/a.png' }]),
        'GET /api/cloud-1/me': json({}),
      },
    },
    definition: origin => ({
      base_url: `${origin}/api/{cloud_id}`,
      variables: { cloud_id: { source: 'account', at: '/id' } },
      account: {
        from: 'request',
        request: { url: `${origin}/accessible-resources` },
        list: '',
        id: '/id',
        label: ['/name'],
        icon: '/avatarUrl',
      },
      auth: { authorization_params: [{ name: 'audience', value: 'api.example' }] },
    }),
    callAt: 'GET /api/cloud-1/me',
    authorize: query => assert.equal(query.get('audience'), 'api.example'),
    connection: found =>
      assert.deepEqual([found['account_label'], found['account_icon']], ['acme', 'https://x.example/a.png']),
  },
  {
    provider: 'Zoom',
    quirk: 'rotation with Basic',
    behaviour: standard,
    definition: () => ({}),
    refresh: ({ headers }, fields) =>
      assert.deepEqual([headers.authorization, fields], [BASIC, { grant_type: 'refresh_token', refresh_token: 'rt1' }]),
  },
  {
    provider: 'Figma',
    quirk: 'another URL for refresh',
    behaviour: { endpoints: { 'POST /token': json(grant(1)), 'POST /refresh': json(grant(2)) } },
    definition: origin => ({ auth: { refresh_url: `${origin}/refresh` } }),
    refreshAt: 'POST /refresh',
  },
  {
    provider: 'Bullhorn',
    quirk: 'an API host that changes on refresh',
    behaviour: {
      endpoints: {
        'POST /token': [json(grant(1, { restUrl: 'ORIGIN/rest1/' })), json(grant(2, { restUrl: 'ORIGIN/rest2/' }))],
        'GET /rest1/me': json({}),
        'GET /rest2/me': json({}),
      },
    },
    definition: (_, host) => ({
      base_url: '{rest_url}',
      variables: { rest_url: { source: 'token', at: '/restUrl', type: 'url', host_suffixes: [host] } },
    }),
    callAt: 'GET /rest1/me',
    connection: found => assert.match(String((found['variables'] as Record<string, string>)['rest_url']), /rest1$/),
  },
  {
    provider: 'Basecamp',
    quirk: 'type instead of grant_type',
    behaviour: standard,
    definition: () => ({
      auth: {
        client_authentication: 'client_secret_post',
        token_request: { drop: ['grant_type'], data: { type: 'web_server' } },
        refresh_request: { data: { type: 'refresh' } },
      },
    }),
    token: (_, fields) => assert.deepEqual([fields['type'], 'grant_type' in fields], ['web_server', false]),
    refresh: (_, fields) => assert.deepEqual([fields['type'], 'grant_type' in fields], ['refresh', false]),
  },
  {
    provider: 'Smartsheet',
    quirk: 'a hash of the secret and the code',
    behaviour: standard,
    definition: () => ({
      auth: {
        client_authentication: 'client_secret_post',
        token_request: { drop: ['client_secret'], data: { hash: { compute: 'sha256', of: '{client_secret}|{code}' } } },
        refresh_request: {
          drop: ['client_secret'],
          data: { hash: { compute: 'sha256', of: '{client_secret}|{refresh_token}' } },
        },
      },
    }),
    token: (_, fields) =>
      assert.deepEqual(
        [fields['hash'], 'client_secret' in fields],
        [createHash('sha256').update('csecret|the-code').digest('hex'), false],
      ),
    refresh: (_, fields) => assert.equal(fields['hash'], createHash('sha256').update('csecret|rt1').digest('hex')),
  },
  {
    provider: 'WeChat',
    quirk: 'GET with appid and secret, and a fragment',
    behaviour: { endpoints: { 'GET /token': twice() } },
    definition: () => ({
      auth: {
        client_authentication: 'client_secret_post',
        token_request: { method: 'GET', format: 'query', rename: { client_id: 'appid', client_secret: 'secret' } },
        authorization_request: { rename: { client_id: 'appid' }, fragment: 'wechat_redirect' },
      },
    }),
    tokenAt: 'GET /token',
    refreshAt: 'GET /token',
    token: (request, fields) =>
      assert.deepEqual(
        [request.body, fields['appid'], fields['secret'], fields['code']],
        ['', 'cid', 'csecret', 'the-code'],
      ),
  },
  {
    provider: 'eBay',
    quirk: 'a name for a redirect URI',
    behaviour: standard,
    definition: () => ({ auth: { authorization_request: { redirect_uri: 'Acme-Acme-PRD' } } }),
    authorize: query => assert.equal(query.get('redirect_uri'), 'Acme-Acme-PRD'),
    token: (_, fields) => assert.equal(fields['redirect_uri'], 'Acme-Acme-PRD'),
  },
  {
    provider: 'Strava',
    quirk: 'an instant for an expiry',
    behaviour: token(
      json({ access_token: 'at1', refresh_token: 'rt1', expires_at: Math.floor(Date.now() / 1000) + 3600 }),
      json(grant(2)),
    ),
    definition: () => ({ auth: { token_response: { expires: { at: '/expires_at', unit: 'epoch_seconds' } } } }),
  },
  {
    provider: 'fiserv',
    quirk: 'a life in milliseconds',
    behaviour: token(json({ access_token: 'at1', refresh_token: 'rt1', expires_in: 3_600_000 }), json(grant(2))),
    definition: () => ({ auth: { token_response: { expires: { unit: 'milliseconds' } } } }),
  },
  {
    provider: 'monday',
    quirk: 'no response_type',
    behaviour: standard,
    definition: () => ({ auth: { authorization_request: { drop: ['response_type'] } } }),
    authorize: query => assert.equal(query.has('response_type'), false),
  },
  {
    provider: 'Unsplash',
    quirk: 'a plus sign between scopes as it is',
    behaviour: standard,
    definition: () => ({ auth: { scope: ['read', 'write'], scope_separator: '+', scope_encoding: 'raw' } }),
    authorize: (_, url) => assert.match(url, /[?&]scope=read\+write(&|$)/),
  },
  {
    provider: 'Deezer',
    quirk: 'the token for a query parameter',
    behaviour: standard,
    definition: () => ({ auth: { injection: { query: 'access_token' } } }),
    call: ({ query, headers }) =>
      assert.deepEqual([query.get('access_token'), headers.authorization], ['at1', undefined]),
  },
  {
    provider: 'SurveyMonkey',
    quirk: 'a secret key in the query of the token request',
    behaviour: standard,
    definition: () => ({
      variables: { api_key: { secret: true } },
      auth: {
        secrets: { variables: { api_key: 'key-canary-1' } },
        token_request: { query: { api_key: '{api_key}' } },
        refresh_request: { query: { api_key: '{api_key}' } },
      },
    }),
    token: ({ query }) => assert.equal(query.get('api_key'), 'key-canary-1'),
    refresh: ({ query }) => assert.equal(query.get('api_key'), 'key-canary-1'),
  },
  {
    provider: 'Withings',
    quirk: 'an action parameter, an HMAC and a nested body',
    behaviour: token(json({ status: 0, body: grant(1) }), json({ status: 0, body: grant(2) })),
    definition: () => ({
      auth: {
        client_authentication: 'client_secret_post',
        token_request: {
          data: {
            action: 'requesttoken',
            signature: { compute: 'hmac_sha256', of: 'requesttoken,{client_id}', key: '{client_secret}' },
          },
        },
        refresh_request: { data: { action: 'requesttoken' } },
        token_response: {
          access_token: '/body/access_token',
          refresh_token: '/body/refresh_token',
          expires: { at: '/body/expires_in' },
          success: [{ pointer: '/status', equals: [0] }],
        },
      },
    }),
    token: (_, fields) =>
      assert.deepEqual(
        [fields['action'], fields['signature']],
        ['requesttoken', createHmac('sha256', 'csecret').update('requesttoken,cid').digest('hex')],
      ),
  },
  {
    provider: 'Clover',
    quirk:
      'the merchant in the callback, an expiry of its own name, and a refresh elsewhere, in JSON, without the secret',
    behaviour: {
      callback: { merchant_id: 'M1' },
      endpoints: {
        'POST /oauth/v2/token': json({
          access_token: 'at1',
          refresh_token: 'rt1',
          access_token_expiration: Math.floor(Date.now() / 1000) + 3600,
        }),
        'POST /oauth/v2/refresh': json({ access_token: 'at2', refresh_token: 'rt2' }),
      },
    },
    definition: origin => ({
      base_url: `${origin}/api/merchants/{merchant_id}`,
      variables: { merchant_id: { source: 'callback', at: 'merchant_id', pattern: '[A-Z0-9]{1,20}' } },
      auth: {
        token_url: `${origin}/oauth/v2/token`,
        refresh_url: `${origin}/oauth/v2/refresh`,
        client_authentication: 'client_secret_json',
        client_authentication_at: { refresh: 'none' },
        token_request: { format: 'json' },
        token_response: { expires: { at: '/access_token_expiration', unit: 'epoch_seconds' } },
      },
    }),
    tokenAt: 'POST /oauth/v2/token',
    refreshAt: 'POST /oauth/v2/refresh',
    callAt: 'GET /api/merchants/M1/me',
    token: (_, fields) => assert.deepEqual([fields['client_id'], fields['client_secret']], ['cid', 'csecret']),
    refresh: ({ body }) =>
      assert.deepEqual(JSON.parse(body), { grant_type: 'refresh_token', refresh_token: 'rt1', client_id: 'cid' }),
  },
  {
    provider: 'Braintree',
    quirk: 'the merchant in the callback, which stands in every path',
    behaviour: { ...standard, callback: { merchantId: 'm_9' } },
    definition: origin => ({
      base_url: `${origin}/api/merchants/{merchant_id}`,
      variables: { merchant_id: { source: 'callback', at: 'merchantId' } },
    }),
    callAt: 'GET /api/merchants/m_9/me',
  },
  {
    provider: 'MYOB',
    quirk: 'the business in the callback, and the client id as a key of each call',
    behaviour: { ...standard, callback: { businessId: 'b-1' } },
    definition: origin => ({
      base_url: `${origin}/api/{business_id}`,
      variables: { business_id: { source: 'callback', at: 'businessId' } },
      auth: { client_authentication: 'client_secret_post' },
      gateway: { headers: { 'x-myobapi-key': '{client_id}', 'x-myobapi-version': 'v2' } },
    }),
    callAt: 'GET /api/b-1/me',
    call: ({ headers }) =>
      assert.deepEqual(
        [headers.authorization, headers['x-myobapi-key'], headers['x-myobapi-version']],
        ['Bearer at1', 'cid', 'v2'],
      ),
  },
  {
    provider: 'Stripe',
    quirk: 'an account that ends by its id, under the platform’s secret, and no token at all',
    behaviour: {
      endpoints: {
        'POST /token': twice({ stripe_user_id: 'acct_1' }),
        'POST /deauthorize': json({ stripe_user_id: 'acct_1' }),
      },
    },
    definition: origin => ({
      variables: { stripe_user_id: { source: 'token', at: '/stripe_user_id' } },
      account: { from: 'token_answer', id: '/stripe_user_id', label: ['/stripe_user_id'] },
      gateway: { headers: { 'Stripe-Account': '{stripe_user_id}' } },
      auth: {
        revocation: {
          steps: [
            {
              token: 'none',
              url: `${origin}/deauthorize`,
              authentication: 'header',
              authentication_header: { value: 'Bearer {client_secret}' },
              body: 'form',
              data: { client_id: '{client_id}', stripe_user_id: '{stripe_user_id}' },
              effect: 'application',
            },
          ],
        },
      },
    }),
    call: ({ headers }) => assert.equal(headers['stripe-account'], 'acct_1'),
    connection: found => assert.equal(found['account_id'], 'acct_1'),
    ends: [],
  },
  {
    provider: 'Snowflake',
    quirk: 'an account that the organization sets, Basic, and no revocation',
    behaviour: { endpoints: { 'POST /oauth/token-request': twice() } },
    definition: (origin, host) => ({
      variables: { account: { type: 'host', value: host } },
      auth: {
        authorization_url: `${origin}/auth`,
        token_url: 'http://{account}/q-snowflake/oauth/token-request',
        instructions_url: 'https://docs.example.com/revoke',
        revocation: { unsupported: true },
      },
    }),
    tokenAt: 'POST /oauth/token-request',
    token: ({ headers }) => assert.equal(headers.authorization, BASIC),
    refresh: ({ headers }) => assert.equal(headers.authorization, BASIC),
    ends: [],
  },
  {
    provider: 'Entra',
    quirk: 'endpoints by discovery, and an assertion that names its certificate',
    behaviour: {
      endpoints: {
        ...metadata('ORIGIN', { token_endpoint_auth_methods_supported: ['private_key_jwt'] }),
        'POST /token': twice(),
      },
    },
    definition: origin => ({
      auth: {
        issuer: origin,
        discovery: 'openid',
        authorization_url: undefined,
        token_url: undefined,
        client_secret: undefined,
        refresh_scope: ['offline_access'],
        client_authentication: 'private_key_jwt',
        client_assertion: { alg: 'PS256', x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' },
        secrets: { private_key: signing.privateKey.export({ format: 'pem', type: 'pkcs8' }) },
      },
    }),
    token: (_, fields) => {
      const assertion = String(fields['client_assertion'])
      assert.deepEqual(
        [decodeProtectedHeader(assertion).alg, decodeProtectedHeader(assertion)['x5t'], 'client_secret' in fields],
        ['PS256', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA', false],
      )
      assert.match(String(decodeJwt(assertion).aud), /\/q-entra$/, 'the issuer that discovery verified')
    },
    refresh: (_, fields) => assert.equal(decodeJwt(String(fields['client_assertion'])).sub, 'cid'),
  },
  {
    provider: 'Auth0',
    quirk: 'an issuer that ends in a slash, an API that is named as its recipient, and rotation',
    behaviour: {
      endpoints: {
        ...metadata('ORIGIN/', { authorization_response_iss_parameter_supported: true }),
        'POST /token': twice(),
      },
      callback: { iss: 'ORIGIN/' },
    },
    definition: origin => ({
      auth: {
        issuer: `${origin}/`,
        authorization_url: undefined,
        token_url: undefined,
        refresh_scope: ['offline_access'],
        authorization_params: [{ name: 'audience', value: 'https://api.example.com' }],
      },
    }),
    authorize: query => assert.equal(query.get('audience'), 'https://api.example.com'),
    refresh: (_, fields) => assert.equal(fields['refresh_token'], 'rt1'),
  },
  {
    provider: 'Keycloak',
    quirk: 'the issuer in every answer, a session that ends by idleness, and discovery of how a grant ends',
    behaviour: {
      endpoints: {
        ...metadata('ORIGIN', { authorization_response_iss_parameter_supported: true }),
        'POST /token': twice({ refresh_expires_in: 7200 }),
      },
      callback: { iss: 'ORIGIN' },
    },
    definition: origin => ({
      auth: {
        issuer: origin,
        iss_required: true,
        authorization_url: undefined,
        token_url: undefined,
        token_response: { refresh_expires: { at: '/refresh_expires_in' } },
      },
    }),
    connection: found => assert.ok(Date.parse(String(found['consent_until'])) < Date.now() + 3 * HOUR_MS),
  },
]

const named = ({ provider }: Row): string => `q-${provider.toLowerCase()}`

describe('provider quirks, told by data on both sides', () => {
  let rig: QuirkBroker
  before(async () => {
    rig = await startQuirkBroker(
      ROWS.map(row => ({
        name: named(row),
        behaviour: { ...row.behaviour, endpoints: { 'POST /revoke': {}, ...row.behaviour.endpoints } },
        definition: (origin: string, host: string) => {
          const { auth, ...rest } = row.definition(origin, host) as { auth?: Record<string, unknown> }
          const discovers = auth?.['issuer'] !== undefined || auth?.['revocation'] !== undefined
          return { ...rest, auth: { ...(discovers ? {} : { revoke_url: `${origin}/revoke` }), ...auth } }
        },
        asked: row.asked ?? {},
      })),
    )
  })
  after(() => rig[Symbol.asyncDispose]())
  const seen = (row: Row, endpoint: string, at: number) => {
    const all = rig.provider.seen(named(row), endpoint)
    return all.at(at) ?? assert.fail(`${endpoint} was asked ${all.length} times`)
  }
  const callAll = async (rows: readonly Row[]) => {
    const calls = await Promise.all(rows.map(async row => [named(row), (await rig.call(named(row))).status] as const))
    assert.deepEqual(
      calls.filter(([, status]) => status !== 200),
      [],
    )
  }

  for (const row of ROWS)
    it(`${row.provider}: ${row.quirk}`, async () => {
      const shown = await rig.connect(named(row), row.asked ?? {})
      assert.equal((await rig.connection(named(row)))['status'], 'connected', shown)
      const asked = seen(row, 'GET /auth', 0)
      row.authorize?.(asked.query, asked.url)
      const exchange = seen(row, row.tokenAt ?? 'POST /token', 0)
      row.token?.(exchange, fieldsOf(exchange))
      const answer = await rig.call(named(row))
      assert.equal(answer.status, 200, await answer.text())
      const call = seen(row, row.callAt ?? 'GET /api/me', 0)
      if (row.call === undefined) bearer('at1')(call)
      else row.call(call)
      row.connection?.(await rig.connection(named(row)))
    })

  it('renews every one of them past its expiry, each in its own way', async () => {
    const lasting = ROWS.filter(({ provider }) => provider === 'Slack' || provider === 'GitHub')
    rig.broker.advance(HOUR_MS - 1_700_000)
    await callAll(ROWS)
    rig.broker.advance(1_800_000)
    await callAll(ROWS.filter(row => !lasting.includes(row) && row.provider !== 'Facebook'))
    rig.broker.advance(11 * HOUR_MS)
    await callAll(lasting)
    for (const row of ROWS.filter(each => each.refresh !== undefined)) {
      const exchangedAt = row.tokenAt ?? 'POST /token'
      const refreshedAt = row.refreshAt ?? exchangedAt
      // What a second exchange has used already comes before it.
      const before = refreshedAt === exchangedAt || row.provider === 'Facebook' ? 1 : 0
      const request = seen(row, refreshedAt, before)
      row.refresh?.(request, fieldsOf(request))
    }
    const moved = await rig.connection('q-bullhorn')
    assert.match(String((moved['variables'] as Record<string, string>)['rest_url']), /rest2$/)
  })

  it('ends every one of them with the tokens that the refresh brought', async () => {
    const ended = await Promise.all(ROWS.map(async row => [row, await rig.disconnect(named(row))] as const))
    for (const [row, { status }] of ended) {
      assert.equal(status, row.provider === 'Snowflake' ? 'disconnected_unconfirmed' : 'revoked', row.provider)
      const tokens = rig.provider.seen(named(row), 'POST /revoke').map(request => fieldsOf(request)['token'])
      assert.deepEqual(tokens, row.ends ?? ['rt2', 'at2'], row.provider)
      assert.equal((await rig.call(named(row))).status, 409, row.provider)
    }
    const [deauthorized] = rig.provider.seen('q-stripe', 'POST /deauthorize')
    assert.deepEqual(
      [deauthorized?.headers.authorization, deauthorized?.body],
      ['Bearer csecret', 'client_id=cid&stripe_user_id=acct_1'],
    )
  })
})
