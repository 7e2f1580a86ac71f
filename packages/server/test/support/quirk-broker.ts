import assert from 'node:assert/strict'
import type { CheckResult } from '../../src/domain/check.ts'
import { createBrowser, type HeadlessBrowser } from './browser.ts'
import { type QuirkBehaviour, type QuirkProvider, startQuirkProvider } from './quirk-provider.ts'
import { startTestBroker, type TestBroker } from './test-broker.ts'

/** One provider: how it behaves, and how a connector for it is defined. */
export type Quirk = {
  readonly name: string
  /** `ORIGIN` in its texts stands for where the provider is. */
  readonly behaviour: QuirkBehaviour
  /** Merged over a plain connector; `origin` is where the provider is. */
  readonly definition: (origin: string, host: string) => { auth?: object } & Record<string, unknown>
  /** The whole body that makes the connector, instead of a plain one with `definition` over it. */
  readonly made?: object
  /** What the person is asked. */
  readonly asked?: Readonly<Record<string, string>>
}

export type QuirkBroker = AsyncDisposable & {
  readonly broker: TestBroker
  readonly provider: QuirkProvider
  readonly browser: HeadlessBrowser
  /** Through consent and back; the path that the callback leads to. */
  connect(name: string, asked?: Readonly<Record<string, string>>): Promise<string>
  /** The same for somebody else, in a browser of their own. */
  connectAs(person: TestBroker['people'][number], name: string): Promise<string>
  call(name: string, path?: string, init?: RequestInit): Promise<Response>
  connection(name: string): Promise<Record<string, unknown>>
  disconnect(name: string): Promise<Record<string, unknown>>
  /** What the doctor finds where the person asks it, as a developer. */
  check(name: string): Promise<readonly CheckResult[]>
}

export const BASIC = `Basic ${Buffer.from('cid:csecret').toString('base64')}`

const at = (origin: string, behaviour: QuirkBehaviour): QuirkBehaviour =>
  JSON.parse(JSON.stringify(behaviour).replaceAll('ORIGIN', origin))

/** A broker with a connector for each of many odd providers, a plugin that may use them all, and a person signed in. */
export async function startQuirkBroker(
  quirks: readonly Quirk[],
  env: Readonly<Record<string, string>> = {},
): Promise<QuirkBroker> {
  const provider = await startQuirkProvider()
  const broker = await startTestBroker({ env: { BEHALF_OUTBOUND_ALLOW: '127.0.0.0/8 [::1]/128', ...env } })
  for (const { name, behaviour, definition, made: whole } of quirks) {
    const origin = provider.origin(name)
    provider.behave(name, at(origin, behaviour))
    const { auth, ...rest } = definition(origin, provider.host)
    const plain = {
      authorization_url: `${origin}/auth`,
      token_url: `${origin}/token`,
      client_id: 'cid',
      client_secret: 'csecret',
      scope: ['read'],
    }
    const body = whole ?? { name, base_url: `${origin}/api`, approve: true, ...rest, auth: { ...plain, ...auth } }
    const made = await broker.api('/connectors', { method: 'POST', body })
    if (made.status !== 201) {
      await broker[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
      assert.fail(`${name}: ${JSON.stringify(made.body)}`)
    }
  }
  const plugin = {
    name: 'quirks',
    connectors: quirks.map(({ name }) => ({ connector: name })),
    trusted: 'launch_audience',
  }
  await broker.api('/plugins', { method: 'POST', body: plugin })
  await broker.api('/plugins/quirks/versions', { method: 'POST' })
  await broker.api('/plugins/quirks/launches', {
    method: 'POST',
    body: { launch_audience: { kind: 'everyone' }, reason: 'for the tests' },
  })
  const { body: made } = await broker.api('/plugins/quirks/keys', { method: 'POST', body: { label: 'test' } })
  const person = broker.people[0] ?? assert.fail()
  const browser = createBrowser()
  await browser.signIn(broker.url, person)

  const connection = async (name: string) => {
    const { body } = await broker.api(`/connections?connector=${name}`)
    return body.items?.[0] ?? assert.fail(`${name} is not connected`)
  }
  return {
    broker,
    provider,
    browser,
    connection,
    connect: (name, asked) => connectIn(browser, name, asked),
    async connectAs(other, name) {
      const theirs = createBrowser()
      await theirs.signIn(broker.url, other)
      return connectIn(theirs, name)
    },
    call: (name, path = 'me', init = {}) =>
      fetch(`${broker.url}/gateway/${name}/${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${made['key']}`,
          'behalf-subject': person.email,
          ...(init.headers as Record<string, string>),
        },
      }),
    async disconnect(name) {
      const { id } = await connection(name)
      return (await broker.api(`/connections/${id}`, { method: 'DELETE' })).body
    },
    async check(name) {
      const me = (await (await browser.visit(`${broker.url}/api/v1/me`)).json()) as {
        subject: string
        csrf_token: string
      }
      await broker.api(`/people/${me.subject}/roles`, { method: 'PUT', body: { roles: ['developer'] } })
      const cookie = [...browser.cookies(broker.url)].map(([key, value]) => `${key}=${value}`).join('; ')
      const own = { cookie, origin: broker.url, 'sec-fetch-site': 'same-origin', 'behalf-csrf': me.csrf_token }
      const response = await fetch(`${broker.url}/api/v1/connectors/${name}/check`, {
        method: 'POST',
        headers: { ...own, 'content-type': 'application/json' },
        body: '{}',
      })
      return ((await response.json()) as { results: readonly CheckResult[] }).results
    },
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }

  // Nothing is sent to a real provider: there the person agrees at once.
  async function consented(name: string, asked: URL): Promise<URL> {
    if (asked.protocol === 'http:') {
      const agreed = await fetch(asked, { redirect: 'manual' })
      return new URL(agreed.headers.get('location') ?? assert.fail(`${name} did not redirect`))
    }
    const back = new URL(asked.searchParams.get('redirect_uri') ?? assert.fail(`${name} names no redirect URI`))
    back.searchParams.set('code', 'the-code')
    back.searchParams.set('state', asked.searchParams.get('state') ?? '')
    const { callback = {} } = quirks.find(quirk => quirk.name === name)?.behaviour ?? {}
    for (const [key, value] of Object.entries(callback)) back.searchParams.set(key, value)
    return back
  }

  async function connectIn(
    browser: HeadlessBrowser,
    name: string,
    asked = quirks.find(quirk => quirk.name === name)?.asked ?? {},
  ): Promise<string> {
    const page = `${broker.url}/connectors/${name}/connect`
    const shown = await (await browser.visit(page)).text()
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(shown)?.[1] ?? assert.fail(`no page for ${name}`)
    const variables = Object.fromEntries(Object.entries(asked).map(([key, value]) => [`variable.${key}`, value]))
    const leaving = await (await browser.visit(page, { csrf, ...variables })).text()
    const location = /<meta http-equiv="refresh" content="0;url=([^"]+)"/.exec(leaving)?.[1] ?? assert.fail(leaving)
    const back = await consented(name, new URL(location.replaceAll('&amp;', '&')))
    const callback =
      back.hostname === 'nowhere.invalid' ? `${broker.url}/auth/oauthCallback/${name}${back.search}` : back.href
    const done = await browser.visit(callback)
    const result = new URL(done.headers.get('location') ?? assert.fail(`${name}: HTTP ${done.status}`), broker.url)
    const after = await browser.visit(result.href)
    return (
      after.headers.get('location') ??
      `${result.pathname} ${after.status} ${/<code>([^<]*)<\/code>/.exec(await after.text())?.[1] ?? ''}`
    )
  }
}
