import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('the catalogue over REST', () => {
  let broker: TestBroker
  before(async () => {
    broker = await startTestBroker()
  })
  after(() => broker[Symbol.asyncDispose]())

  it('lists every provider with its grades, page by page', async () => {
    const names: string[] = []
    let cursor: unknown = null
    do {
      const query = cursor === null ? '' : `&cursor=${encodeURIComponent(String(cursor))}`
      const { status, body } = await broker.api(`/catalogue?limit=200${query}`)
      assert.equal(status, 200)
      names.push(...(body.items ?? []).map(item => String(item['name'])))
      cursor = body['next_cursor']
    } while (cursor !== null)
    assert.ok(names.length >= 200)
    assert.deepEqual(names, [...new Set(names)].sort())
  })

  it('finds a provider by a part of its name', async () => {
    const { body: crms } = await broker.api('/catalogue?category=crm&limit=100')
    const names = crms.items?.map(({ name }) => name) ?? []
    assert.ok(names.includes('salesforce') && !names.includes('github'), names.join())
    const { body } = await broker.api('/catalogue?search=GITH')
    assert.deepEqual(
      body.items?.map(({ name, complete, grades }) => ({ name, complete, grades })),
      [
        {
          name: 'github',
          complete: true,
          grades: {
            authorization: 'verified',
            token: 'verified',
            refresh: 'reported',
            scopes: 'verified',
            account: 'verified',
            revocation: 'verified',
            gateway: 'verified',
            health: 'verified',
          },
        },
      ],
    )
  })

  it('shows a provider with the source of each block and what is left to fill in', async () => {
    const { status, body } = await broker.api('/catalogue/github')
    assert.equal(status, 200)
    const revocation = (body['blocks'] as Record<string, { sources: { at: string; read_on?: string }[] }>)['revocation']
    assert.match(revocation?.sources[0]?.at ?? '', /^https:\/\/docs\.github\.com\//)
    assert.deepEqual(
      (body['to_fill_in'] as { pointer: string }[]).map(({ pointer }) => pointer),
      ['/auth/client_id', '/auth/client_secret'],
    )
    assert.equal((await broker.api('/catalogue/nobody')).body['code'], 'not_found')
  })

  it('shows what a preset chooses for an organization, and takes what is said instead', async () => {
    const chosen = async (name: string) =>
      ((await broker.api(`/catalogue/${name}`)).body['chosen'] as { pointer: string; value: string }[]).map(
        ({ pointer, value }) => [pointer, value],
      )
    assert.deepEqual(await chosen('gitlab'), [['/variables/host/value', 'gitlab.com']])
    assert.deepEqual(await chosen('pingone'), [['/environment', 'north-america']])
    assert.deepEqual(await chosen('github'), [])
    const auth = { client_id: 'abc', client_secret: 'def' }
    const body = { preset: 'gitlab', auth, variables: { host: { value: 'git.acme.example' } } }
    const made = await broker.api('/connectors', { method: 'POST', body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.ok((made.body['hosts'] as string[]).every(host => host === 'https://git.acme.example'))
  })

  it('makes a connector of three fields', async () => {
    const body = { preset: 'discord', auth: { client_id: 'abc', client_secret: 'def' } }
    const made = await broker.api('/connectors', { method: 'POST', body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(made.body['name'], 'discord')
    assert.equal(made.body['base_url'], 'https://discord.com/api/v10')
    assert.equal(made.body['approved'], false)
  })

  it('shows the catalogue’s icon for a connector without one of its own', async () => {
    const icon = await fetch(`${broker.url}/connectors/discord/icon`, { redirect: 'manual' })
    assert.deepEqual([icon.status, icon.headers.get('location')], [302, '/catalogue/discord.svg'])
    assert.equal((await fetch(`${broker.url}/connectors/orbit/icon`, { redirect: 'manual' })).status, 404)
  })

  it('lets a merge patch change what the preset says', async () => {
    const body = {
      preset: 'discord',
      name: 'community',
      display_name: 'Our Discord',
      approve: true,
      auth: { client_id: 'abc', client_secret: 'def', scope: ['identify', 'guilds'] },
    }
    const made = await broker.api('/connectors', { method: 'POST', body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual((made.body['auth'] as { scope: string[] }).scope, ['identify', 'guilds'])
    assert.equal(made.body['display_name'], 'Our Discord')
    assert.equal(made.body['approved'], true)
  })

  it('names each field that the preset leaves open and the request does not fill', async () => {
    const answer = await broker.api('/connectors', { method: 'POST', body: { preset: 'zendesk' } })
    assert.equal(answer.status, 400)
    const errors = answer.body['errors'] as { pointer: string; reason: string }[]
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      ['/auth/client_id', '/auth/client_secret', '/variables/subdomain/value'],
    )
  })

  it('refuses a preset that is not there, and still tells the faults of a whole definition', async () => {
    const unknown = await broker.api('/connectors', { method: 'POST', body: { preset: 'nobody' } })
    assert.deepEqual(
      (unknown.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer),
      ['/preset'],
    )
    const whole = await broker.api('/connectors', { method: 'POST', body: { name: 'x1', base_url: 'ftp://x' } })
    assert.ok((whole.body['errors'] as { pointer: string }[]).some(({ pointer }) => pointer === '/auth'))
  })

  it('serves icons from its own origin as inert SVG, drawn or a tile with a letter', async () => {
    for (const [name, mark] of [
      ['github', '<path '],
      ['asana', '<svg '],
    ] as const) {
      const answer = await fetch(`${broker.url}/catalogue/${name}.svg`)
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /^image\/svg\+xml/)
      assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/)
      assert.ok((await answer.text()).includes(mark))
    }
    assert.equal((await fetch(`${broker.url}/catalogue/nobody.svg`)).status, 404)
  })
})
