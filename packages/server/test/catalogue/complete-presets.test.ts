import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { mergePatch } from '../../src/domain/merge-patch.ts'
import { openCatalogue } from '../../src/main.ts'
import { eventually } from '../support/eventually.ts'
import { type PretendedInternet, pretendInternet } from '../support/pretended-internet.ts'
import { type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'

const HOUR_MS = 3_600_000
/** What callbacks bring besides the code. */
const CALLBACK = { realmId: '4620816365', 'accounts-server': 'https://accounts.zoho.com', location: 'us' }
/** Where answers that tell a host send those who read them. */
const toldHosts = (host: string) => ({
  api_domain: host.includes('zoho') ? 'https://www.zohoapis.com' : 'https://acme.pipedrive.com',
  instance_url: 'https://acme.salesforce.com',
})
const NAMES = [
  'ZUID',
  'id',
  'gid',
  'sub',
  'user_id',
  'account_id',
  'portalId',
  'userId',
  'ID',
  'uri',
  'uuid',
  'encodedId',
]
const ACCOUNT = Object.fromEntries([...NAMES, 'login_id', 'open_id'].map(name => [name, 'a-1']))
/** Where one or another provider wraps it. */
const WRAPPED = ['account', 'login', 'merchant', 'resource', 'response', 'user']
const WHOLE = {
  ...ACCOUNT,
  ...Object.fromEntries(WRAPPED.map(name => [name, ACCOUNT])),
  bot: { owner: { user: ACCOUNT } },
  data: { ...ACCOUNT, '0': ACCOUNT, user: ACCOUNT },
}
const SITES = [{ id: 'site-0001', name: 'acme', url: 'https://acme.example' }]

type Catalogued = NonNullable<Awaited<ReturnType<ReturnType<typeof openCatalogue>['show']>>>

describe('every provider that the catalogue tells whole', () => {
  let internet: PretendedInternet
  let rig: QuirkBroker
  const presets: Catalogued[] = []
  let given = 0
  before(async () => {
    // It knows no definition: it gives tokens to whoever asks for some, and says all that any of them reads.
    internet = await pretendInternet(({ method, host, path, body }) => {
      if (method === 'DELETE') return { status: 204, body: null }
      if (path.includes('accessible-resources')) return { status: 200, body: SITES }
      const known = { ...WHOLE, ok: true, success: true, status: 'success', revoked: true, stripe_user_id: 'acct_1' }
      if (!/grant_type/.test(body + path)) return { status: 200, body: known }
      given += 1
      const tokens = {
        access_token: `at-${given}`,
        refresh_token: `rt-${given}`,
        token_type: 'bearer',
        expires_in: 3600,
      }
      const ends = { expires_at: Math.floor(Date.now() / 1000) + 3600 }
      return { status: 200, body: { ...known, ...toldHosts(host), ...tokens, ...ends } }
    })
    const catalogue = openCatalogue()
    for (const { name, complete } of await catalogue.list())
      if (complete) presets.push((await catalogue.show(name)) ?? assert.fail(name))
    rig = await startQuirkBroker(
      presets.map(preset => ({
        name: preset.name,
        behaviour: { endpoints: {}, callback: CALLBACK },
        definition: () => ({}),
        made: { preset: preset.name, approve: true, ...filledIn(preset) },
      })),
      { HTTPS_PROXY: internet.proxyUrl },
    )
    const hosts = new Set<string>()
    for (const { name } of presets)
      for (const host of (await rig.broker.api(`/connectors/${name}`)).body['hosts'] as string[])
        hosts.add(host.replace('https://', '').replace(/:\d+$/, ''))
    const [first = '', ...others] = hosts
    internet.be([first, ...others])
  })
  after(async () => {
    await rig[Symbol.asyncDispose]()
    await internet[Symbol.asyncDispose]()
  })
  /** Number of a token -> whose it is. */
  const owners = new Map<number, string>()
  const all = async (what: (preset: Catalogued) => Promise<void>) => {
    for (const preset of presets) {
      const before = given
      await what(preset)
      for (let number = before + 1; number <= given; number += 1) owners.set(number, preset.name)
    }
  }

  it('is made of three fields at most, and connects', async () => {
    assert.ok(presets.length >= 40)
    await all(async ({ name, to_fill_in }) => {
      assert.ok(to_fill_in.length <= 3, name)
      const came = await rig.connect(name)
      if (/^\/connections\/answer\//.test(came)) await chooseFirst(came)
      else assert.match(came, /^\/connections\/result\/\S+ 200/, `${name}: ${came}`)
      const { status, account_id } = await rig.connection(name)
      assert.equal(status, 'connected', name)
      assert.ok(account_id, `${name} does not know whose account it is`)
    })
  })

  it('is called with its token, and with the one that a refresh brought where it renews', async () => {
    await all(async ({ name }) => assert.equal((await rig.call(name)).status, 200, name))
    rig.broker.advance(3 * HOUR_MS)
    await all(async ({ name, definition }) => {
      const before = internet.seen.length
      const { status } = await rig.call(name)
      const renews = strategyOf(definition) === 'refresh_token'
      assert.equal(status, renews ? 200 : 409, name)
      const renewed = internet.seen.slice(before).filter(({ body }) => /refresh_token/.test(body))
      assert.equal(renewed.length, renews ? 1 : 0, name)
    })
  })

  it('ends at the provider, or says that only the person can end it there', async () => {
    await Promise.all(presets.map(({ name }) => rig.disconnect(name)))
    await all(async ({ name, definition }) => {
      const { status, instructions_url } = await eventually(
        () => rig.connection(name),
        now => now['status'] !== 'disconnecting',
      )
      const { unsupported } = (definition['auth'] as { revocation: { unsupported?: boolean } }).revocation
      assert.equal(status, unsupported === true ? 'disconnected_unconfirmed' : 'revoked', name)
      assert.ok(instructions_url, name)
    })
  })

  it('had its tokens sent to no host that its connector does not name', async () => {
    const hosts = new Map<string, ReadonlySet<string>>()
    await all(async ({ name }) => {
      hosts.set(name, new Set((await rig.broker.api(`/connectors/${name}`)).body['hosts'] as string[]))
    })
    const carrying = internet.seen.flatMap(({ host, path, headers, body }) =>
      [...`${path} ${JSON.stringify(headers)} ${body}`.matchAll(/\b[ar]t-(\d+)/g)].map(([, number]) => {
        const owner = owners.get(Number(number)) ?? ''
        return { owner, host, named: isNamed(hosts.get(owner) ?? new Set(), host) }
      }),
    )
    assert.ok(new Set(carrying.map(({ owner }) => owner)).size >= presets.length)
    assert.deepEqual(
      carrying.filter(({ owner, named }) => owner !== '' && !named),
      [],
    )
  })

  async function chooseFirst(question: string): Promise<void> {
    const url = rig.broker.url + question
    const page = await (await rig.browser.visit(url)).text()
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page)?.[1] ?? assert.fail(page)
    await rig.browser.visit(url, { csrf, answer: 'site.0' })
  }
})

/** What a developer types: the client, its secret, and the examples of what differs. */
const filledIn = ({ to_fill_in }: Catalogued): object =>
  to_fill_in.reduce<unknown>((body, { pointer, example, choices }) => {
    const value: unknown = choices?.[0] ?? example ?? 'typed-in'
    const patch = pointer
      .slice(1)
      .split('/')
      .reduceRight((inner, part) => ({ [part]: inner }), value)
    return mergePatch(body, patch)
  }, {}) as object

const strategyOf = (definition: Readonly<Record<string, unknown>>): string | undefined =>
  (definition['auth'] as { refresh?: { strategy?: string } }).refresh?.strategy

const isNamed = (named: ReadonlySet<string>, host: string): boolean =>
  named.has(`https://${host}`) || named.has(`https://*.${host.split('.').slice(1).join('.')}`)
