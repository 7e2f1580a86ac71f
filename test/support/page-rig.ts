import type { Browser } from 'playwright-core'
import { createBrowser } from '../../packages/server/test/support/browser.ts'
import { startTestBroker, type TestBroker } from '../../packages/server/test/support/test-broker.ts'
import { launchChromium } from './chromium.ts'

/** A broker with three systems whose ends differ: one confirms a revocation, one is not reached, one offers none. */
export type PageRig = AsyncDisposable & {
  readonly broker: TestBroker
  readonly browser: Browser
  /** One system that one plugin needs. */
  offerOne(): Promise<void>
  /** Adds what the empty page does not have yet. */
  offerSystems(): Promise<void>
  /** Systems that are open to all, besides one that nobody has approved and one that nobody needs. */
  offerMore(count: number): Promise<void>
  /** A system that asks people something first, and one that two plugins need, of which one may be handed the access itself. */
  offerUnusual(email: string): Promise<void>
  /** A plugin that needs two systems starts to work for this person; where it waits, the address that it gives them. */
  startPlanner(email: string): Promise<string>
  /** A plugin is launched to this person alone, and its calls are to be kept word for word. */
  askAgreement(email: string): Promise<void>
  /** A developer asks to see this person's calls of the first plugin. */
  askForDebugWindow(email: string): Promise<void>
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
const LOGO = `${SVG}<rect width="32" height="32" rx="8" fill="#0b5cd0"/><path d="M16 6 26 25H20.5L16 15.5 11.5 25H6Z" fill="#fff"/></svg>`
const ORBIT = `${SVG}<circle cx="16" cy="16" r="5" fill="#0f766e"/><ellipse cx="16" cy="16" rx="14" ry="6" fill="none" stroke="#0f766e" stroke-width="2.5" transform="rotate(-30 16 16)"/></svg>`
const KINDS = [
  ['Ledger', 'Answers what was booked where, and why.'],
  ['Payroll', 'Answers questions about your own payslips. It can never change anything.'],
  ['Tickets', 'Opens and closes tickets for you.'],
  ['Warehouse', 'Says what is in stock, and where.'],
  ['Travel', 'Finds and books what your trips need.'],
  ['Surveys', 'Reads what people answered.'],
] as const

export async function startPageRig(): Promise<PageRig> {
  const [broker, browser] = await Promise.all([startTestBroker({ launched: false }), launchChromium()])
  const [, clientSecret = ''] = broker.secrets
  const { provider } = broker
  let plannerKey = ''
  const post = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const { status, body: answer } = await broker.api(path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    if (status !== 201) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  const system = (name: string, displayName: string, description: string, auth: Record<string, unknown>) => ({
    name,
    display_name: displayName,
    display_description: description,
    base_url: provider.apiUrl,
    approve: true,
    auth: {
      authorization_url: `${provider.url}/auth`,
      token_url: `${provider.url}/token`,
      client_id: 'behalf',
      client_secret: clientSecret,
      scope: ['openid', 'email', 'offline_access', 'contacts.read'],
      authorization_params: [{ name: 'prompt', value: 'consent' }],
      issuer: provider.url,
      instructions_url: `${provider.url}/apps`,
      ...auth,
    },
  })
  // Somebody else is known too.
  const [, somebody] = broker.people
  const developer = createBrowser()
  if (somebody !== undefined) await developer.signIn(broker.url, somebody)
  const launch = (plugin: string) =>
    post(`/plugins/${plugin}/launches`, { launch_audience: { kind: 'everyone' }, reason: 'for everyone' })

  async function put(path: string, svg: string): Promise<void> {
    const body = { media_type: 'image/svg+xml', data: Buffer.from(svg).toString('base64') }
    const { status, body: answer } = await broker.api(path, { method: 'PUT', body })
    if (status !== 204) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  }
  async function patch(path: string, body: unknown): Promise<void> {
    const { version } = (await broker.api(path)).body
    const headers = { 'if-match': `"${version}"` }
    const { status, body: answer } = await broker.api(path, { method: 'PATCH', body, headers })
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  }
  let hasOne = false
  const rig: PageRig = {
    broker,
    browser,
    async offerOne() {
      hasOne = true
      await patch('/connectors/orbit', {
        display_description: 'Lets assistants look up your contacts and add new ones for you.',
      })
      await patch('/plugins/assistant', {
        display_name: 'Sales assistant',
        description: 'It looks up your contacts when you ask it to.',
      })
      await put('/organization/logo', LOGO)
      await put('/connectors/orbit/icon', ORBIT)
      await post('/plugins/assistant/versions')
      await launch('assistant')
    },
    async offerSystems() {
      if (!hasOne) await rig.offerOne()
      const notes = { revoke_url: `${provider.url}/token` }
      await post('/connectors', system('other', 'Field Notes', 'Keeps what you and your customers agreed on.', notes))
      // One consent there covers several sites: the companies among the sample system's contacts.
      const account = {
        from: 'request',
        request: { url: `${provider.apiUrl}/contacts` },
        list: '',
        id: '/id',
        label: ['/company'],
      }
      const calendar = system('calendar', 'Calendar', 'Finds times that suit everyone.', { callback: 'organization' })
      await post('/connectors', { ...calendar, account })
      await post('/plugins', {
        name: 'meeting-planner',
        display_name: 'Meeting planner',
        description: 'It proposes times and writes down what was agreed.',
        connectors: [
          { connector: 'calendar', scope: [] },
          { connector: 'other', scope: ['contacts.read'] },
        ],
        actions: [{ name: 'plan', description: 'Plans a meeting.', connector: 'other', method: 'GET', path: '/me' }],
        trusted: 'launch_audience',
      })
      await post('/plugins/meeting-planner/versions')
      await launch('meeting-planner')
      plannerKey = String((await post('/plugins/meeting-planner/keys', { label: 'test' }))['key'])
    },
    async offerMore(count) {
      const unapproved = { ...system('unapproved', 'Unapproved', 'Waits for approval.', {}), approve: false }
      await post('/connectors', { ...unapproved, open_to_all: true })
      await post('/connectors', system('unneeded', 'Unneeded', 'Is needed by no plugin.', {}))
      for (let index = 1; index <= count; index += 1) {
        const [kind = '', purpose = ''] = KINDS[index % KINDS.length] ?? []
        const named = system(`system-${index}`, `${kind} ${Math.ceil(index / KINDS.length)}`, purpose, {})
        await post('/connectors', { ...named, open_to_all: true })
      }
    },
    async offerUnusual(email) {
      const variables = {
        shop: {
          source: 'person',
          type: 'label',
          label: 'Your shop',
          help: 'The part before the first dot of its address.',
        },
        region: { source: 'person', label: 'Region', enum: ['Europe', 'America'] },
      }
      const shop = system('shop', 'Shop', 'Looks orders up for you.', {})
      const base_url = `${provider.apiUrl}/{shop}/{region}`
      await post('/connectors', { ...shop, base_url, variables, open_to_all: true })
      await patch('/plugins/assistant', { token_release: ['orbit'] })
      await post('/plugins/assistant/versions')
      await launch('assistant')
      await rig.askAgreement(email)
    },
    async startPlanner(email) {
      const headers = { authorization: `Bearer ${plannerKey}`, 'behalf-subject': email }
      const run = '/plugins/meeting-planner/actions/plan/run'
      return String((await broker.api(run, { method: 'POST', body: {}, headers })).body['connect_url'])
    },
    async askAgreement(email) {
      const named = {
        name: 'trip-finder',
        display_name: 'Trip finder',
        connectors: [{ connector: 'orbit', scope: [] }],
      }
      await post('/plugins', named)
      await post('/plugins/trip-finder/versions')
      const launch_audience = { kind: 'people', people: [email] }
      await post('/plugins/trip-finder/launches', {
        launch_audience,
        redaction: 'permissive',
        reason: 'Two trips were booked on the wrong day',
      })
    },
    async askForDebugWindow(email) {
      const { items = [] } = (await broker.api('/people?limit=100')).body
      const idOf = (wanted: string | undefined) => String(items.find(person => person['email'] === wanted)?.['id'])
      const roles = await broker.api(`/people/${idOf(somebody?.email)}/roles`, {
        method: 'PUT',
        body: { roles: ['developer', 'log_viewer'] },
      })
      if (roles.status !== 200) throw new Error('nobody may ask')
      await patch('/organization', { debug_windows: true })
      const cookie = [...developer.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
      const me = (await (await developer.visit(`${broker.url}/api/v1/me`)).json()) as { csrf_token: string }
      const asked = { plugin: 'assistant', subject: idOf(email), reason: 'Contacts come back empty', minutes: 15 }
      const response = await fetch(`${broker.url}/api/v1/debug-windows`, {
        method: 'POST',
        headers: {
          cookie,
          origin: broker.url,
          'sec-fetch-site': 'same-origin',
          'behalf-csrf': me.csrf_token,
          'content-type': 'application/json',
        },
        body: JSON.stringify(asked),
      })
      if (response.status !== 201) throw new Error(`no debug window: ${await response.text()}`)
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await broker[Symbol.asyncDispose]()
    },
  }
  return rig
}
