import assert from 'node:assert/strict'
import type { Person } from '@behalf/playground'

/** A browser without a window: cookies by host, forms, and every step of a journey in reach. */
export type HeadlessBrowser = {
  /** One request; redirects are not followed. */
  visit(url: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** Follows redirects and `<meta refresh>`, but never to a URL that `until` matches: that one is returned. */
  follow(url: string, until: RegExp, form?: Record<string, string>): Promise<string>
  signIn(brokerUrl: string, person: Person): Promise<void>
  /** Signs in at the SSO that a page leads to, where that asks; the first URL that `until` matches, not visited. */
  signInAt(page: string, person: Person, until: RegExp): Promise<string>
  /** Begins a connect and goes as far as the provider's authorization endpoint. */
  begin(brokerUrl: string, connector: string): Promise<string>
  /** Signs in at the provider and consents; the callback URL, not visited. */
  consent(
    authorizationUrl: string,
    person: Person,
    options?: { scopes?: readonly string[]; cancel?: true },
  ): Promise<string>
  cookies(origin: string): Map<string, string>
}

const MOST_HOPS = 20
const unescaped = (text: string): string =>
  text.replaceAll('&amp;', '&').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

export function createBrowser(): HeadlessBrowser {
  const jars = new Map<string, Map<string, string>>()
  const cookies = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }
  const visit: HeadlessBrowser['visit'] = async (url, form, headers = {}) => {
    const { origin } = new URL(url)
    const jar = cookies(origin)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const unsafe = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const site = form === undefined ? {} : { origin, 'sec-fetch-site': 'same-origin' }
    const response = await fetch(url, {
      redirect: 'manual',
      ...unsafe,
      headers: { accept: 'text/html', cookie, ...site, ...headers },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const next = async (response: Response, from: string): Promise<string | undefined> => {
    const location = response.headers.get('location')
    if (location !== null) return new URL(location, from).href
    const refresh = /<meta http-equiv="refresh" content="0;url=([^"]+)"/.exec(await response.clone().text())?.[1]
    return refresh === undefined ? undefined : unescaped(refresh)
  }
  const follow: HeadlessBrowser['follow'] = async (url, until, form) => {
    let at = url
    let sending = form
    for (let hops = 0; hops < MOST_HOPS; hops += 1) {
      if (hops > 0 && until.test(at)) return at
      const response = await visit(at, sending)
      sending = undefined
      const onward = await next(response, at)
      if (onward === undefined) {
        if (until.test(at)) return at
        assert.fail(`stuck at ${at} with HTTP ${response.status}, wanted ${until}`)
      }
      at = onward
    }
    return assert.fail(`too many hops to ${until}`)
  }
  const fill = async (page: string, form: Record<string, string>, action: RegExp, until: RegExp): Promise<string> => {
    const target = action.exec(await (await visit(page)).text())?.[1]
    assert.ok(target, `no form at ${page}`)
    return follow(new URL(unescaped(target), page).href, until, form)
  }
  const LOGIN = /<form method="post" action="([^"]+\/login)"/
  const CONSENT = /<form method="post" action="([^"]+\/consent)"/

  return {
    visit,
    follow,
    cookies,
    async signIn(brokerUrl, person) {
      const page = await follow(`${brokerUrl}/auth/login`, /\/interaction\//)
      await fill(page, { email: person.email, password: person.password }, LOGIN, /\/connections$/)
    },
    async signInAt(start, person, until) {
      const page = await follow(start, new RegExp(`/interaction/|${until.source}`))
      if (until.test(page)) return page
      return fill(page, { email: person.email, password: person.password }, LOGIN, until)
    },
    async begin(brokerUrl, connector) {
      const page = `${brokerUrl}/connectors/${connector}/connect`
      const response = await visit(page)
      const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await response.text())?.[1]
      assert.ok(csrf, `no confirmation page: HTTP ${response.status}`)
      return follow(page, /\/auth\?/, { csrf })
    },
    async consent(authorizationUrl, person, { scopes, cancel } = {}) {
      let page = await follow(authorizationUrl, /\/interaction\//)
      if (LOGIN.test(await (await visit(page)).text())) {
        page = await fill(page, { email: person.email, password: person.password }, LOGIN, /\/interaction\/(?!.*login)/)
      }
      const action = CONSENT.exec(await (await visit(page)).text())?.[1]
      assert.ok(action, `no consent form at ${page}`)
      const form = new URLSearchParams(cancel ? { answer: 'cancel' } : { answer: 'allow' })
      for (const scope of scopes ?? ['email', 'offline_access', 'contacts.read']) form.append('scope', scope)
      const { origin } = new URL(page)
      const cookie = [...cookies(origin)].map(([name, value]) => `${name}=${value}`).join('; ')
      const sent = await fetch(new URL(action, page), {
        method: 'POST',
        redirect: 'manual',
        body: form,
        headers: { cookie },
      })
      for (const line of sent.headers.getSetCookie()) {
        const [pair = ''] = line.split(';')
        cookies(origin).set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
      }
      return follow(
        new URL(sent.headers.get('location') ?? assert.fail('no redirect'), page).href,
        /\/auth\/oauthCallback/,
      )
    },
  }
}

/** Signs a person in and connects a system, all the way. */
export async function connect(
  broker: { readonly url: string },
  person: Person,
  connector = 'orbit',
): Promise<HeadlessBrowser> {
  const browser = createBrowser()
  await browser.signIn(broker.url, person)
  const callback = await browser.consent(await browser.begin(broker.url, connector), person)
  const done = await browser.visit(callback)
  assert.equal(done.status, 303)
  assert.match(done.headers.get('location') ?? '', /^\/connections\/result\//)
  return browser
}
