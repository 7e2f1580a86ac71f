import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { createKeepAlive } from '../../src/flows/token/keep-alive.ts'
import { eventually } from '../support/eventually.ts'
import { flowRig } from '../support/flow-rig.ts'
import { type Quirk, type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'

const answer = (more: object = {}) => ({ body: { access_token: 'at', refresh_token: 'rt', expires_in: 3600, ...more } })
const account = { from: 'token_answer', id: '/user', label: ['/user'] }
const QUIRKS: readonly Quirk[] = [
  {
    name: 'posted',
    behaviour: { endpoints: {} },
    definition: () => ({ auth: { authorization_request: { response_mode: 'form_post' } } }),
  },
  {
    name: 'other-account',
    behaviour: { endpoints: {} },
    definition: origin => ({ account, auth: { revoke_url: `${origin}/revoke` } }),
  },
  {
    name: 'told',
    behaviour: {
      endpoints: {
        'POST /token': { body: { access_token: 'at', expires_in: 3600 } },
        'GET /userinfo': { body: { sub: 'u-1', email: 'una@third.example' } },
      },
    },
    definition: origin => ({ account: { from: 'userinfo' }, auth: { userinfo_url: `${origin}/userinfo` } }),
  },
  {
    name: 'sites',
    behaviour: { endpoints: {} },
    definition: origin => ({
      base_url: `${origin}/api/{cloud_id}`,
      variables: { cloud_id: { source: 'account', at: '/id' } },
      account: { from: 'request', request: { url: `${origin}/sites` }, list: '', id: '/id', label: ['/name'] },
    }),
  },
  {
    name: 'signed',
    behaviour: { endpoints: {} },
    definition: () => ({ auth: { authorization_request: { callback_hmac: {} } } }),
  },
  {
    name: 'asked',
    behaviour: { endpoints: {} },
    definition: origin => ({
      base_url: `${origin}/api/{shop}`,
      variables: { shop: { source: 'person', type: 'label', label: 'Your shop', help: 'The part before the dot.' } },
    }),
  },
  {
    name: 'calls',
    behaviour: { endpoints: {} },
    definition: origin => ({
      auth: { token_response: { extra_tokens: { bot: '/bot' } } },
      gateway: {
        base_urls: { upload: `${origin}/api/upload` },
        headers: { 'X-Version': '7' },
        deny: [{ path_prefix: 'admin/' }],
        allow: [{ methods: ['GET'], path_prefix: '' }],
        rate_limit: { status: [403, 429], remaining: 'x-left', reset: 'x-reset' },
        unauthorized: [{ status: [403], header: 'x-why', contains: 'expired' }],
      },
    }),
  },
  {
    name: 'own-account',
    behaviour: { endpoints: { 'POST /token': answer({ user: 'una' }) } },
    definition: () => ({
      account: { ...account, duplicates: 'refuse' },
      auth: { refresh: { idle_s: 86_400, absolute_s: 864_000 } },
    }),
  },
  ...['sister', 'brother'].map(
    (name): Quirk => ({
      name,
      behaviour: { endpoints: {} },
      definition: (_, host) => ({
        account: { ...account, shared_grant: true },
        categories: ['crm', name],
        auth: {
          token_url: `http://${host}/sister/token`,
          revocation: {
            steps: [
              { token: 'access_token', url: `http://${host}/sister/revoke` },
              { token: 'refresh_token', url: `http://${host}/sister/remove`, effect: 'grant' },
            ],
          },
        },
      }),
    }),
  ),
  {
    name: 'wide',
    behaviour: { endpoints: {} },
    definition: origin => ({
      account,
      auth: { revocation: { steps: [{ token: 'access_token', url: `${origin}/revoke`, effect: 'application' }] } },
    }),
  },
]

describe('grants, their accounts and their calls', () => {
  let rig: QuirkBroker
  before(async () => {
    rig = await startQuirkBroker(QUIRKS)
  })
  after(() => rig[Symbol.asyncDispose]())
  const page = async (path: string) => (await rig.browser.visit(rig.broker.url + path)).text()
  const reply = async (path: string, given: string) => {
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await page(path))?.[1] ?? assert.fail()
    return rig.browser.visit(rig.broker.url + path, { csrf, answer: given })
  }

  it('asks about another account on reconnect, and does what is answered', async () => {
    const behave = (user: string) =>
      rig.provider.behave('other-account', {
        endpoints: { 'POST /token': answer({ user, access_token: `at-${user}` }), 'POST /revoke': {} },
      })
    behave('una')
    await rig.connect('other-account')
    assert.equal((await rig.connection('other-account'))['account_id'], 'una')
    behave('other')
    const question = await rig.connect('other-account')
    assert.match(question, /^\/connections\/answer\//)
    assert.match(await page(question), /una[\s\S]*other/)
    assert.equal((await rig.connection('other-account'))['account_id'], 'una', 'nothing changed yet')
    await reply(question, 'keep')
    assert.equal((await rig.connection('other-account'))['account_id'], 'una')
    assert.equal((await rig.browser.visit(rig.broker.url + question)).status, 410, 'an answer counts once')
    const again = await rig.connect('other-account')
    await reply(again, 'replace')
    assert.equal((await rig.connection('other-account'))['account_id'], 'other')
    assert.equal((await rig.call('other-account')).status, 200)
    assert.equal(rig.provider.seen('other-account', 'GET /api/me').at(-1)?.headers.authorization, 'Bearer at-other')
  })

  it('asks the userinfo endpoint whose account it is, with the token that was granted', async () => {
    await rig.connect('told')
    const found = await rig.connection('told')
    assert.deepEqual([found['account_id'], found['account_label']], ['u-1', 'una@third.example'])
    assert.equal(rig.provider.seen('told', 'GET /userinfo')[0]?.headers.authorization, 'Bearer at')
  })

  it('refuses an account that somebody else has connected, where the connector says so', async () => {
    assert.match(await rig.connect('own-account'), /^\/connections\/result\/\S+ 200/)
    const other = rig.broker.people[1] ?? assert.fail()
    assert.match(await rig.connectAs(other, 'own-account'), /200 account_taken$/)
    assert.match(await rig.connect('own-account'), /^\/connections\/result\/\S+ 200/, 'their own reconnect is none')
    const { body } = await rig.broker.api('/connections?connector=own-account')
    assert.equal(body.items?.length, 1)
    const { connected_at, refresh_idle_until, consent_until } = await rig.connection('own-account')
    const after = (instant: unknown) => Date.parse(String(instant)) - Date.parse(String(connected_at))
    assert.deepEqual([after(refresh_idle_until), after(consent_until)], [86_400_000, 864_000_000], 'foretold')
  })

  it('knows that connectors of one client share a grant, and lists connectors by category', async () => {
    rig.provider.behave('sister', { endpoints: { 'POST /token': answer({ user: 'una' }) } })
    rig.provider.behave('brother', { endpoints: {} })
    await rig.connect('sister')
    await rig.connect('brother')
    const [sister, brother] = [await rig.connection('sister'), await rig.connection('brother')]
    assert.deepEqual(sister['shares_grant_with'], [brother['id']])
    assert.deepEqual(brother['shares_grant_with'], [sister['id']])
    assert.match(await page(`/connections/${sister['id']}/disconnect`), /other connection/)
    const listed = async (category: string) =>
      (await rig.broker.api(`/connectors?category=${category}`)).body.items?.map(({ name }) => name)
    assert.deepEqual(await listed('crm'), ['brother', 'sister'])
    assert.deepEqual(await listed('sister'), ['sister'])
    assert.deepEqual(await listed('none'), [])
  })

  it('cancels a queued end of a grant once its account connects at another connector that shares it', async () => {
    const down = { status: 503 }
    const behave = (user: string) =>
      rig.provider.behave('sister', {
        endpoints: { 'POST /token': answer({ user }), 'POST /revoke': down, 'POST /remove': down },
      })
    const cancelled = async () =>
      (await rig.broker.api('/audit-events?action=revocation.cancelled')).body.items?.map(({ target, details }) => [
        target,
        (details as { step: number }).step,
      ])
    const [{ id }, { id: brother }] = [await rig.connection('sister'), await rig.connection('brother')]
    behave('una')
    await rig.disconnect('brother')
    await rig.disconnect('sister')
    assert.deepEqual(await cancelled(), [])
    behave('other')
    await rig.connectAs(rig.broker.people[1] ?? assert.fail(), 'brother')
    assert.deepEqual(await cancelled(), [], 'another account has another grant')
    behave('una')
    await rig.connect('brother')
    const both = [
      [id, 1],
      [brother, 1],
    ]
    assert.deepEqual((await cancelled())?.toSorted(), both.toSorted(), 'what ends one token alone goes on')
    rig.provider.behave('sister', { endpoints: { 'POST /token': answer({ user: 'una' }), 'POST /revoke': {} } })
    rig.broker.advance(3_700_000)
    await eventually(
      async () => (await rig.broker.api(`/connections/${id}`)).body['status'],
      status => status === 'disconnected_unconfirmed',
    )
    assert.equal(rig.provider.seen('sister', 'POST /remove').length, 0, 'nothing ended the grant that is in use')
  })

  it('fills in what a connect link says, lets the person see and change it, and refuses what does not fit', async () => {
    rig.provider.behave('asked', { endpoints: { 'POST /token': answer() } })
    const me = await rig.browser.visit(`${rig.broker.url}/api/v1/me`)
    const { subject } = (await me.json()) as { subject: string }
    const make = (variables: object) =>
      rig.broker.api('/connect-links', { method: 'POST', body: { subject, connector: 'asked', variables } })
    for (const wrong of [{ shop: 'two words' }, { nothing: 'x' }]) {
      const refused = await make(wrong)
      assert.equal(refused.status, 400)
      assert.match(JSON.stringify(refused.body), /\/variables\//)
    }
    const { body } = await make({ shop: 'Acme' })
    const url = String(body['url'])
    const shown = await (await rig.browser.visit(url)).text()
    assert.match(shown, /name="variable\.shop" value="acme"/)
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(shown)?.[1] ?? assert.fail()
    const leaving = await (await rig.browser.visit(url, { csrf, 'variable.shop': 'other' })).text()
    const location = /content="0;url=([^"]+)"/.exec(leaving)?.[1]?.replaceAll('&amp;', '&') ?? assert.fail(leaving)
    const back = (await fetch(location, { redirect: 'manual' })).headers.get('location') ?? assert.fail()
    await rig.browser.visit(back)
    assert.equal((await rig.call('asked')).status, 200)
    assert.equal(rig.provider.seen('asked', 'GET /api/other/me').length, 1)
    await rig.disconnect('asked')
  })

  it('revokes a grant that its person never answered about, and takes no answer any more', async () => {
    const behave = (user: string) =>
      rig.provider.behave('other-account', {
        endpoints: { 'POST /token': answer({ user, access_token: `at-${user}` }), 'POST /revoke': {} },
      })
    await rig.disconnect('other-account')
    behave('una')
    await rig.connect('other-account')
    behave('stranger')
    const question = await rig.connect('other-account')
    assert.match(question, /^\/connections\/answer\//)
    const revoked = () =>
      rig.provider.seen('other-account', 'POST /revoke').map(({ body }) => new URLSearchParams(body).get('token'))
    rig.broker.advance(890_000)
    assert.equal((await rig.browser.visit(rig.broker.url + question)).status, 200)
    assert.ok(!revoked().includes('at-stranger'))
    rig.broker.advance(20_000)
    assert.equal((await rig.browser.visit(rig.broker.url + question)).status, 410)
    // A round of every job runs at a start.
    await rig.broker.restart()
    await eventually(
      async () => revoked(),
      tokens => tokens.includes('at-stranger'),
    )
    assert.equal((await rig.connection('other-account'))['account_id'], 'una', 'what there was goes on')
    assert.equal((await rig.call('other-account')).status, 200)
  })

  it('lets the person choose where one consent covers several sites', async () => {
    const endpoints = {
      'POST /token': answer(),
      'GET /sites': {
        body: [
          { id: 'c1', name: 'acme' },
          { id: 'c2', name: '<b>beta</b>' },
        ],
      },
    }
    rig.provider.behave('sites', { endpoints })
    const question = await rig.connect('sites')
    assert.match(await page(question), /acme[\s\S]*&lt;b&gt;beta/)
    assert.equal((await reply(question, 'site.7')).status, 400)
    await reply(question, 'site.1')
    assert.equal((await rig.call('sites')).status, 200)
    assert.equal(rig.provider.seen('sites', 'GET /api/c2/me').length, 1)
  })

  it('takes a signed callback only with its HMAC', async () => {
    rig.provider.behave('signed', { endpoints: { 'POST /token': answer() } })
    assert.match(await rig.connect('signed'), /callback_unproven$/)
    assert.equal(rig.provider.seen('signed', 'POST /token').length, 0, 'no code was spent')
    const csrfPage = `${rig.broker.url}/connectors/signed/connect`
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await (await rig.browser.visit(csrfPage)).text())?.[1] ?? ''
    const leaving = await (await rig.browser.visit(csrfPage, { csrf })).text()
    const location = /url=([^"]+)"/.exec(leaving)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const state = new URL(location).searchParams.get('state') ?? ''
    const hmac = createHmac('sha256', 'csecret').update(`code=the-code&shop=x&state=${state}`).digest('hex')
    await rig.browser.visit(
      `${rig.broker.url}/auth/oauthCallback/signed?${new URLSearchParams({ state, shop: 'x', hmac, code: 'the-code' })}`,
    )
    assert.equal((await rig.connection('signed'))['status'], 'connected')
  })

  it('takes a posted callback only where the connector says that answers are posted', async () => {
    const post = (name: string) =>
      fetch(`${rig.broker.url}/auth/oauthCallback/${name}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ code: 'the-code', state: 's' }),
      })
    const posted = await post('posted')
    assert.deepEqual(
      [posted.status, posted.headers.get('location')],
      [303, '/auth/oauthCallback/posted?code=the-code&state=s'],
    )
    assert.equal((await post('signed')).status, 405)
    assert.equal((await post('nowhere')).status, 405)
  })

  it('asks a person for what the connector needs, and again where it does not fit', async () => {
    rig.provider.behave('asked', { endpoints: { 'POST /token': answer() } })
    const url = `${rig.broker.url}/connectors/asked/connect`
    const shown = await (await rig.browser.visit(url)).text()
    assert.match(shown, /Your shop[\s\S]*The part before the dot/)
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(shown)?.[1] ?? ''
    const refused = await rig.browser.visit(url, { csrf, 'variable.shop': 'evil.com/"><script>' })
    assert.equal(refused.status, 400)
    const body = await refused.text()
    assert.match(body, /aria-invalid="true"/)
    assert.ok(!body.includes('"><script>'))
    await rig.connect('asked', { shop: 'My-Shop' })
    assert.equal((await rig.call('asked')).status, 200)
    assert.equal(rig.provider.seen('asked', 'GET /api/my-shop/me').length, 1)
  })

  it('keeps calls to the connector’s hosts, headers, methods and paths, and tells rate limits', async () => {
    rig.provider.behave('calls', {
      endpoints: {
        'POST /token': answer({ bot: 'bot-1' }),
        'GET /api/limited': { status: 403, headers: { 'x-left': '0', 'x-reset': '30' }, body: {} },
      },
    })
    await rig.connect('calls')
    assert.equal(
      (await rig.call('calls', 'f', { headers: { 'behalf-base': 'upload', 'behalf-token': 'bot' } })).status,
      200,
    )
    const upload = rig.provider.seen('calls', 'GET /api/upload/f')[0]
    assert.deepEqual(
      [upload?.headers.authorization, upload?.headers['x-version'], upload?.headers['behalf-base']],
      ['Bearer bot-1', '7', undefined],
    )
    for (const [path, init] of [
      ['admin/x', {}],
      ['%61dmin/x', {}],
      ['f', { method: 'DELETE' }],
      ['f', { headers: { 'behalf-base': 'nowhere' } }],
      ['f', { headers: { 'behalf-base': '__proto__' } }],
    ] as const)
      assert.equal((await rig.call('calls', path, init)).status, 403, path)
    assert.equal((await rig.call('calls', 'f', { headers: { 'behalf-token': 'constructor' } })).status, 400)
    const limited = await rig.call('calls', 'limited')
    assert.deepEqual(
      [limited.headers.get('behalf-rate-limit'), limited.headers.get('retry-after')],
      ['remaining=0, reset=30', '30'],
    )
  })

  it('renews a token where the connector’s own sign of a refusal comes', async () => {
    rig.provider.behave('calls', {
      endpoints: {
        'POST /token': answer({ access_token: 'at-9', refresh_token: 'rt-9' }),
        'GET /api/odd': [{ status: 403, headers: { 'x-why': 'token Expired' } }, { body: { ok: true } }],
      },
    })
    assert.equal((await rig.call('calls', 'odd')).status, 200)
    assert.equal(rig.provider.seen('calls', 'GET /api/odd').at(-1)?.headers.authorization, 'Bearer at-9')
  })

  it('cancels a queued removal of the whole app once the same account reconnects, and warns of it first', async () => {
    rig.provider.behave('wide', {
      endpoints: { 'POST /token': answer({ user: 'una' }), 'POST /revoke': { status: 503 } },
    })
    await rig.connect('wide')
    const { id } = await rig.connection('wide')
    assert.match(await page(`/connections/${id}/disconnect`), /removes the whole app/)
    assert.equal((await rig.disconnect('wide'))['status'], 'disconnecting')
    await rig.connect('wide')
    assert.equal((await rig.connection('wide'))['status'], 'connected')
    rig.broker.advance(600_000)
    const { body } = await rig.broker.api('/audit-events?action=revocation.cancelled')
    assert.equal(body.items?.filter(({ target }) => target === id).length, 1)
  })

  it('keeps every version of a connector readable, and restores one without the secrets of another time', async () => {
    const { body: before } = await rig.broker.api('/connectors/asked')
    const changed = await rig.broker.api('/connectors/asked', {
      method: 'PATCH',
      body: { display_name: 'Asked' },
      headers: { 'if-match': `"${before['version']}"` },
    })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    const { body: versions } = await rig.broker.api('/connectors/asked/versions')
    assert.deepEqual(
      versions.items?.map(one => [one['version'], one['current']]),
      [
        [2, true],
        [1, false],
      ],
    )
    assert.ok(!JSON.stringify(versions).includes('csecret'))
    const restored = await rig.broker.api('/connectors/asked/versions/1/restore', {
      method: 'POST',
      headers: { 'if-match': '"2"' },
    })
    assert.deepEqual([restored.status, restored.body['version'], restored.body['display_name']], [200, 3, 'asked'])
  })

  it('serves an uploaded icon that can do nothing, and takes no other', async () => {
    const put = (media_type: string, text: string) =>
      rig.broker.api('/connectors/asked/icon', {
        method: 'PUT',
        body: { media_type, data: Buffer.from(text).toString('base64') },
      })
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z" fill="#123"/></svg>'
    assert.equal((await put('image/svg+xml', svg)).status, 204)
    const icon = await fetch(`${rig.broker.url}/connectors/asked/icon`)
    assert.deepEqual(
      [icon.status, icon.headers.get('content-type'), icon.headers.get('x-content-type-options')],
      [200, 'image/svg+xml', 'nosniff'],
    )
    assert.match(icon.headers.get('content-security-policy') ?? '', /sandbox/)
    assert.equal(await icon.text(), svg)
    for (const bad of [
      '<svg><script>1</script></svg>',
      '<svg onload="x"/>',
      '<svg><a href="javascript:1"/></svg>',
      '<svg><use href="https://x/y#z"/></svg>',
      '<!DOCTYPE svg [<!ENTITY x "y">]><svg/>',
      '<svg><foreignObject/></svg>',
      '<svg fill="url(https://x)"/>',
      '<svg><style>*{}</style></svg>',
      'not svg',
    ])
      assert.equal((await put('image/svg+xml', bad)).status, 400, bad)
    assert.equal((await put('image/png', 'GIF89a')).status, 400)
  })

  it('previews a definition that is not saved, and hides every secret', async () => {
    const definition = {
      name: 'shown',
      base_url: 'https://api.example.com',
      auth: {
        authorization_url: 'https://as.example.com/auth',
        token_url: 'https://as.example.com/token',
        client_id: 'cid',
        client_secret: 'secret-canary-1',
        scope: ['a'],
        revoke_url: 'https://as.example.com/revoke',
      },
    }
    const { status, body } = await rig.broker.api('/connectors/preview', { method: 'POST', body: definition })
    assert.equal(status, 200)
    const requests = body['requests'] as { purpose: string; headers: Record<string, string> }[]
    assert.deepEqual(
      requests.map(({ purpose }) => purpose),
      ['authorization_request', 'token_request', 'refresh_request', 'revocation_step_1', 'revocation_step_1'],
    )
    assert.equal(requests[1]?.headers['authorization'], 'Basic base64(cid:[client_secret])')
    assert.ok(!JSON.stringify(body).includes('canary'))
  })
})

describe('a grant that nobody uses', () => {
  it('is kept alive before it lapses, once', async () => {
    await using rig = await flowRig()
    const { connector, ports, provider, store } = rig
    const idle = {
      ...connector.definition,
      auth: { ...connector.definition.auth, refresh: { ...connector.definition.auth.refresh, idle_s: 86_400 } },
    }
    const [audit] = (await store.audit.list(connector.orgId, {}, { after: null, limit: 1 })).items
    assert.ok(audit)
    await store.connectors.update({ ...connector, definition: idle, version: 2 }, [
      { ...audit, id: ports.entropy.newId('aud') },
    ])
    const { subjectId: id } = rig.connection
    const person = { id, orgId: connector.orgId, status: 'active' as const, lastProofAt: ports.clock.now() }
    const people = { ...store.people, byId: async () => person as never }
    const keepAlive = createKeepAlive({ ...ports, people })
    assert.deepEqual(
      (await store.connectors.keptAlive()).map(({ id }) => id),
      [connector.id],
      'since it names an idle life',
    )
    assert.equal(await keepAlive(), 0, 'not yet')
    rig.advance(70_000_000)
    const strict = { ...rig.context.organization, subjectIdleDays: 0.5 }
    const organizations = { ...store.organizations, byId: async () => strict }
    assert.equal(await createKeepAlive({ ...ports, people, organizations })(), 0, 'nobody idle past the limit')
    assert.equal(await keepAlive(), 1)
    assert.equal(await keepAlive(), 0)
    assert.equal(provider.sent.length, 1)
  })
})
