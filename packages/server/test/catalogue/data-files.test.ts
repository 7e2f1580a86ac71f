import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { connectorDefinition, type Preset } from '@behalf/contract'
import { createCatalogue } from '../../src/catalogue/catalogue.ts'
import { type CatalogueFault, filledWithSamples, judgeFile, lintCatalogue } from '../../src/catalogue/lint-catalogue.ts'
import { chosenFieldsOf, isComplete, openFieldsOf } from '../../src/domain/preset.ts'
import { sampleValues } from '../../src/domain/sample-values.ts'
import { admitted } from '../../src/domain/variables.ts'
import { previewRequests } from '../../src/oauth/preview.ts'

type Step = Readonly<Record<string, unknown>>
type Shape = { readonly provider: string; readonly sends: readonly Step[] }
const matches = (step: Step | undefined, wanted: Step): boolean =>
  step !== undefined && Object.entries(wanted).every(([name, value]) => (step[name] ?? DEFAULTS[name]) === value)
const DEFAULTS: Step = { method: 'POST', token: 'both', token_key: 'token', authentication: 'as_token_endpoint' }
const form = (authentication: string, more: Step = {}): Step => ({ authentication, position: 'form', ...more })
const bearer = (more: Step = {}): Step => ({
  authentication: 'bearer',
  position: 'none',
  token: 'access_token',
  ...more,
})

/** Every revocation request that real providers want, and which preset holds it. */
const REVOCATION_SHAPES: Readonly<Record<string, Shape>> = {
  'Google: form, no authentication': { provider: 'google', sends: [form('none', { token: 'refresh_token' })] },
  'GitHub: DELETE with Basic, token in JSON': {
    provider: 'github',
    sends: [
      { method: 'DELETE', authentication: 'basic', position: 'json', token_key: 'access_token', effect: 'grant' },
    ],
  },
  'Salesforce: form, no authentication': { provider: 'salesforce', sends: [form('none')] },
  'Slack: each token as Bearer, 200 that can mean failure': {
    provider: 'slack',
    sends: [bearer(), bearer({ token: 'user_token' })],
  },
  'Zoom: Basic, access token': { provider: 'zoom', sends: [form('basic', { token: 'access_token' })] },
  'Dropbox: a fresh access token as Bearer alone': {
    provider: 'dropbox',
    sends: [bearer({ needs_fresh_access_token: true })],
  },
  'Box: client in the body': { provider: 'box', sends: [form('request_body')] },
  'Asana: client in the body, refresh token': {
    provider: 'asana',
    sends: [form('request_body', { token: 'refresh_token' })],
  },
  'Linear: form, no authentication': { provider: 'linear', sends: [form('none')] },
  'HubSpot: DELETE with the refresh token in the path': {
    provider: 'hubspot',
    sends: [{ method: 'DELETE', authentication: 'none', position: 'path', token: 'refresh_token' }],
  },
  'Intercom: uninstalls for everyone': {
    provider: 'intercom',
    sends: [bearer({ body: 'json', effect: 'application' })],
  },
  'Okta: as registered, with a hint': {
    provider: 'okta',
    sends: [form('as_token_endpoint', { token_type_hint: true })],
  },
  'QuickBooks: Basic, JSON': {
    provider: 'quickbooks',
    sends: [{ authentication: 'basic', position: 'json', token: 'refresh_token' }],
  },
  'Xero: the connection first, then the token': {
    provider: 'xero',
    sends: [
      { method: 'DELETE', token: 'none', authentication: 'bearer_access_token' },
      form('basic', { token: 'refresh_token' }),
    ],
  },
  'Notion: Basic, access token in JSON': {
    provider: 'notion',
    sends: [{ authentication: 'basic', position: 'json', token: 'access_token' }],
  },
  'GitLab: client in the body': { provider: 'gitlab', sends: [form('request_body')] },
  'Discord: Basic, with a hint': { provider: 'discord', sends: [form('basic', { token_type_hint: true })] },
  'Reddit: Basic, with a hint and a User-Agent': {
    provider: 'reddit',
    sends: [form('basic', { token_type_hint: true })],
  },
  'X: Basic, with a hint': { provider: 'twitter', sends: [form('basic', { token_type_hint: true })] },
  'LinkedIn: client in the body': { provider: 'linkedin', sends: [form('request_body')] },
  'Facebook: DELETE with the token in the query': {
    provider: 'facebook',
    sends: [
      { method: 'DELETE', position: 'query', token_key: 'access_token', authentication: 'none', effect: 'grant' },
    ],
  },
  'TikTok: client_key in the body': { provider: 'tiktok', sends: [form('request_body', { token: 'access_token' })] },
  'Shopify: DELETE with a header of its own': {
    provider: 'shopify',
    sends: [{ method: 'DELETE', position: 'header', token_key: 'X-Shopify-Access-Token', effect: 'application' }],
  },
  'Zendesk: DELETE with Bearer': { provider: 'zendesk', sends: [bearer({ method: 'DELETE' })] },
  'Stripe: no token at all': { provider: 'stripe', sends: [{ token: 'none', authentication: 'header', body: 'form' }] },
  'Square: Client scheme, JSON': {
    provider: 'square',
    sends: [{ authentication: 'header', position: 'json', token_key: 'access_token' }],
  },
  'Strava: Bearer': { provider: 'strava', sends: [bearer()] },
  'Pipedrive: Basic, refresh token with a hint': {
    provider: 'pipedrive',
    sends: [form('basic', { token: 'refresh_token', token_type_hint: true })],
  },
  'Calendly: client in the body': { provider: 'calendly', sends: [form('request_body')] },
  'Zoho: refresh token in the query': {
    provider: 'zoho',
    sends: [{ authentication: 'none', position: 'query', token: 'refresh_token' }],
  },
  'Apple: a signed JWT as the secret': {
    provider: 'apple',
    sends: [form('as_token_endpoint', { token_type_hint: true })],
  },
  'FreshBooks: client and token in JSON': {
    provider: 'freshbooks',
    sends: [{ authentication: 'request_body', position: 'json' }],
  },
  'ServiceNow: both tokens, no authentication': { provider: 'servicenow', sends: [form('none', { token: 'both' })] },
  'Todoist: Basic, with a hint': { provider: 'todoist', sends: [form('basic', { token_type_hint: true })] },
  'Fitbit: Basic': { provider: 'fitbit', sends: [form('basic')] },
  'Twitch: client id alone': { provider: 'twitch', sends: [form('client_id', { token: 'access_token' })] },
  'DigitalOcean: Bearer and form': {
    provider: 'digitalocean',
    sends: [{ authentication: 'bearer', position: 'form' }],
  },
  'Klaviyo: Basic, with a hint': { provider: 'klaviyo', sends: [form('basic', { token_type_hint: true })] },
  'Supabase: refresh_token in JSON': {
    provider: 'supabase',
    sends: [{ authentication: 'request_body', position: 'json', token_key: 'refresh_token' }],
  },
  'Fillout: a header named Authentication': {
    provider: 'fillout',
    sends: [{ method: 'DELETE', position: 'header', token_key: 'Authentication', token_value: 'Bearer {token}' }],
  },
  'Acrobat Sign: a host of the token answer': {
    provider: 'acrobat-sign',
    sends: [form('none', { url: '{api_access_point}/oauth/v2/revoke' })],
  },
  'Dialpad: Bearer, the app': { provider: 'dialpad', sends: [bearer({ effect: 'application' })] },
  'Aircall: Bearer, the app': { provider: 'aircall', sends: [bearer({ effect: 'application' })] },
  'Acuity: access_token in the form': {
    provider: 'acuity-scheduling',
    sends: [form('request_body', { token_key: 'access_token' })],
  },
  'OneLogin: client in a header of its own form': {
    provider: 'onelogin',
    sends: [{ authentication: 'header', position: 'json', token_key: 'access_token' }],
  },
}

describe('the data files of the catalogue', () => {
  let presets: readonly Preset[] = []
  let faults: readonly CatalogueFault[] = []
  before(async () => {
    ;({ presets, faults } = await lintCatalogue())
  })

  it('have no fault', () => assert.deepEqual(faults, []))

  it('are at least two hundred', () => assert.ok(presets.length >= 200, `${presets.length} providers`))

  it('tell at least forty providers whole', () => {
    const complete = presets.filter(isComplete)
    assert.ok(complete.length >= 40, `${complete.length} complete`)
  })

  it('leave at most three fields to fill in of every provider that is told whole', () => {
    const many = presets.filter(isComplete).filter(preset => openFieldsOf(preset).length > 3)
    assert.deepEqual(
      many.map(({ name }) => name),
      [],
    )
  })

  it('say of each provider with a revocation recipe how its grant ends, or where people end it themselves', () => {
    for (const { name, blocks } of presets) {
      const auth = (blocks.revocation?.set['auth'] ?? {}) as {
        revocation?: { steps?: unknown[]; unsupported?: boolean }
        instructions_url?: string
      }
      if (blocks.revocation === undefined) continue
      assert.ok(auth.instructions_url !== undefined, `${name} has no instructions_url`)
      assert.equal((auth.revocation?.steps?.length ?? 0) > 0, auth.revocation?.unsupported !== true, name)
    }
  })

  it('hold every shape of revocation that is known', () => {
    const missing = Object.entries(REVOCATION_SHAPES).filter(([, { provider, sends }]) => {
      const auth = presets.find(({ name }) => name === provider)?.blocks.revocation?.set['auth']
      const steps = (auth as { revocation?: { steps?: Step[] } } | undefined)?.revocation?.steps ?? []
      return !sends.every((wanted, index) => matches(steps[index], wanted))
    })
    assert.deepEqual(
      missing.map(([shape]) => shape),
      [],
    )
  })

  it('leave at most three fields to fill in: the client, its secret, and one thing that differs', () => {
    const more = presets.filter(found => openFieldsOf(found).length > 3)
    assert.deepEqual(
      more.map(found => `${found.name}: ${openFieldsOf(found).map(({ pointer }) => pointer)}`),
      [],
    )
  })

  it('ask for every variable of the organization, or say what they choose', () => {
    for (const found of presets) {
      const told = [...openFieldsOf(found), ...chosenFieldsOf(found)].map(({ pointer }) => pointer)
      assert.equal(new Set(told).size, told.length, found.name)
      const own = Object.entries(found.variables).filter(
        ([, one]) => ((one as { source?: string }).source ?? 'organization') === 'organization',
      )
      const sets = Object.values(found.environments)
      const missing = own.filter(
        ([name]) =>
          !told.some(pointer => pointer.includes(`/${name}`)) &&
          !(told.includes('/environment') && sets.every(set => name in set)),
      )
      assert.deepEqual(missing, [], found.name)
    }
  })

  it('name environments whose every value their variables admit', () => {
    const sets = presets.flatMap(found => {
      const { variables } = connectorDefinition.parse(filledWithSamples(found))
      return Object.entries(found.environments).flatMap(([environment, values]) =>
        Object.entries(values).map(([name, value]) => ({
          at: `${found.name} ${environment} ${name}`,
          name,
          value,
          variables,
        })),
      )
    })
    assert.ok(sets.length > 20)
    for (const { at, name, value, variables } of sets) {
      const variable = variables[name] ?? assert.fail(at)
      assert.equal(admitted(variable, value), value, at)
    }
  })

  it('admit their own samples', () => {
    for (const found of presets) {
      const { variables } = connectorDefinition.parse(filledWithSamples(found))
      for (const [name, value] of Object.entries(sampleValues({ variables }))) {
        const variable = variables[name] ?? assert.fail()
        assert.ok(admitted(variable, value) !== undefined, `${found.name} ${name} does not admit ${value}`)
      }
    }
  })

  it('make every request that they tell of, and each to https', async () => {
    const redirectUri = 'https://behalf.example/auth/oauthCallback'
    for (const found of presets) {
      const { auth, ...whole } = connectorDefinition.parse(filledWithSamples(found))
      const { client_secret: _, secrets: __, ...plain } = auth
      const definition = { ...whole, auth: plain }
      const requests = await previewRequests({ definition }, { redirectUri, now: 0 })
      const purposes = new Set(requests.map(({ purpose }) => purpose))
      assert.ok(
        purposes.has('authorization_request') && purposes.has('token_request'),
        `${found.name} ${[...purposes]}`,
      )
      for (const { url } of requests) assert.match(url, /^https:/, found.name)
    }
  })

  it('send credentials nowhere but to https', () => {
    const plain = presets.filter(({ blocks }) => /"http:/.test(JSON.stringify(blocks)))
    assert.deepEqual(
      plain.map(({ name }) => name),
      [],
    )
  })

  it('name a page that was read for every verified block, and no day for any other', () => {
    for (const { name, blocks } of presets)
      for (const [block, { grade, sources }] of Object.entries(blocks)) {
        const read = sources.filter(source => source.read_on !== undefined)
        assert.equal(read.length > 0, grade === 'verified', `${name} ${block}`)
      }
  })
})

describe('the rules for a data file', () => {
  const sound = {
    name: 'acme',
    display_name: 'Acme',
    blocks: {
      authorization: {
        grade: 'verified',
        sources: [{ at: 'https://docs.acme.example/oauth', read_on: '2026-11-25' }],
        set: { auth: { authorization_url: 'https://acme.example/authorize' } },
      },
      token: {
        grade: 'reported',
        sources: [{ at: 'pkg:npm/one@1.0.0#a.json' }, { at: 'pkg:npm/%40two/core@1.0.0#b.js' }],
        set: { auth: { token_url: 'https://acme.example/token' } },
      },
      gateway: {
        grade: 'unchecked',
        sources: [{ at: 'pkg:npm/one@1.0.0#a.json' }],
        set: { base_url: 'https://api.acme.example' },
      },
    },
  }
  type Change = (file: ReturnType<typeof copy>) => void
  const copy = () => structuredClone(sound) as typeof sound & Record<string, unknown>
  const judged = (change: Change = () => {}): readonly string[] => {
    const file = copy()
    change(file)
    return judgeFile('acme', JSON.stringify(file)).faults.map(({ pointer, reason }) => `${pointer} ${reason}`)
  }
  const refused = (change: Change, words: RegExp) =>
    assert.ok(
      judged(change).some(fault => words.test(fault)),
      `${words} in ${JSON.stringify(judged(change))}`,
    )

  it('let a sound file pass', () => assert.deepEqual(judged(), []))
  it('want the file named after the provider', () => refused(file => (file.name = 'other'), /^\/name must be acme/))
  it('want https', () =>
    refused(file => (file.blocks.token.set.auth.token_url = 'http://acme.example/token'), /token_url must be https/))
  it('want the authorization and the token endpoint', () =>
    refused(file => Reflect.deleteProperty(file.blocks, 'token'), /blocks\/token is missing/))
  it('want a page with its day for verified', () =>
    refused(
      file => Reflect.deleteProperty(file.blocks.authorization.sources[0] ?? {}, 'read_on'),
      /verified needs a page/,
    ))
  it('want two packages for reported, not two files of one', () =>
    refused(file => {
      file.blocks.token.sources = [{ at: 'pkg:npm/one@1.0.0#a.json' }, { at: 'pkg:npm/one@1.0.0#b.json' }]
    }, /two independent code bases/))
  it('let nobody date what was not read at the provider', () =>
    refused(file => Object.assign(file.blocks.token.sources[0] ?? {}, { read_on: '2026-11-25' }), /no day of reading/))
  it('want a source for every block', () => refused(file => (file.blocks.gateway.sources = []), /gateway\/sources/))
  it('keep each field to the block whose sources tell it', () =>
    refused(
      file => Object.assign(file.blocks.gateway.set, { health: { path: 'me' } }),
      /no field of the block gateway/,
    ))
  it('refuse what a connector would refuse', () =>
    refused(
      file => Object.assign(file.blocks.token.set.auth, { client_authentication: 'telepathy' }),
      /client_authentication/,
    ))
  it('refuse an icon that is more than a path', () =>
    refused(
      file =>
        Object.assign(file, {
          icon: { path: 'M0 0"/><script>', colour: '000000', source: 'pkg:npm/icons@1.0.0#acme.svg' },
        }),
      /icon\/path/,
    ))
  it('count a provider as complete only with every block, none unchecked', () => {
    const { preset } = judgeFile('acme', JSON.stringify(sound))
    assert.ok(preset !== undefined && !isComplete(preset))
  })
})

describe('reading the catalogue', () => {
  it('costs nothing at the start, and the whole of it is read when it is first asked for', async t => {
    const begun = performance.now()
    const catalogue = createCatalogue()
    const started = performance.now()
    const { length } = await catalogue.all()
    const read = performance.now()
    assert.ok(length >= 200)
    t.diagnostic(
      `start ${(started - begun).toFixed(2)} ms; ${length} providers read in ${(read - started).toFixed(1)} ms`,
    )
  })

  it('takes a provider from its data file alone, without code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'behalf-catalogue-'))
    try {
      const [first] = await createCatalogue().all()
      assert.ok(first)
      writeFileSync(
        join(folder, 'acme.json'),
        JSON.stringify({ ...first, name: 'acme', display_name: 'Acme', icon: undefined }),
      )
      assert.equal((await createCatalogue(folder).byName('acme'))?.display_name, 'Acme')
      const { presets, faults } = await lintCatalogue(folder)
      assert.deepEqual([presets.length, faults], [1, []])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('reads nothing before it is asked, and only the file it is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'behalf-catalogue-'))
    try {
      const catalogue = createCatalogue(join(folder, 'nowhere'))
      assert.ok(catalogue)
      writeFileSync(join(folder, 'broken.json'), '{')
      const [first] = await createCatalogue().all()
      assert.ok(first)
      writeFileSync(join(folder, `${first.name}.json`), JSON.stringify(first))
      assert.equal((await createCatalogue(folder).byName(first.name))?.name, first.name)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('finds nothing under a name that reaches out of its folder', async () => {
    assert.equal(await createCatalogue().byName('../providers/github'), undefined)
    assert.equal(await createCatalogue().byName('constructor'), undefined)
  })
})
