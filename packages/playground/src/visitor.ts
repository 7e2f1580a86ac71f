import type { Person } from './person.ts'

const MOST_HOPS = 25

type Page = { readonly url: string; readonly html: string }

/** A sample person with a browser: follows redirects, signs in where it is asked to, and allows what a system asks for. */
export type Visitor = {
  go(url: string): Promise<Page>
  /** Sends the form of a page whose action is this path. */
  submit(page: Page, action: string): Promise<Page>
  /** Asks the broker's REST API as its own pages do. */
  rest(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
}

export function createVisitor(brokerUrl: string, { email, password }: Pick<Person, 'email' | 'password'>): Visitor {
  const jars = new Map<string, Map<string, string>>()
  return { go: url => follow(url), submit, rest }

  async function submit({ url, html }: Page, action: string): Promise<Page> {
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(html)?.[1]
    if (csrf === undefined || !html.includes(`action="${action}"`))
      throw new Error(`There is no form for ${action} at ${url}`)
    return follow(new URL(action, url).href, new URLSearchParams({ csrf }))
  }

  async function rest(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const me = (await (await send(`${brokerUrl}/api/v1/me`)).json()) as { csrf_token: string }
    const headers = { 'behalf-csrf': me.csrf_token, 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await send(`${brokerUrl}/api/v1${path}`, { method, headers, ...sent })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  async function follow(from: string, first?: URLSearchParams): Promise<Page> {
    let [next, form] = [from, first]
    for (let hops = 0; hops < MOST_HOPS; hops += 1) {
      const response = await send(next, form === undefined ? {} : { method: 'POST', body: form })
      const location = response.headers.get('location')
      const html = location === null ? await response.text() : ''
      const onward = location ?? /http-equiv="refresh" content="0;url=([^"]+)"/.exec(html)?.[1]
      const step = onward === undefined ? formOf(html) : { action: plain(onward), form: undefined }
      if (step === undefined) return { url: next, html }
      next = new URL(step.action, next).href
      form = step.form
    }
    throw new Error(`${email} gets nowhere from ${from}`)
  }

  /** What a sample server asks for, and the answer. */
  function formOf(html: string): { action: string; form: URLSearchParams } | undefined {
    const [, action, step] = /<form method="post" action="([^"]+\/(login|consent))"/.exec(html) ?? []
    if (action === undefined) return undefined
    if (step === 'login') {
      if (html.includes('role="alert"')) throw new Error(`The sample person ${email} could not sign in`)
      return { action, form: new URLSearchParams({ email, password }) }
    }
    const scopes = [...html.matchAll(/name="scope" value="([^"]+)"/g)].map(([, scope = '']): [string, string] => [
      'scope',
      scope,
    ])
    return { action, form: new URLSearchParams([['answer', 'allow'], ...scopes]) }
  }

  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const own = { cookie, origin, 'sec-fetch-site': 'same-origin' }
    const headers = { ...own, ...(init.headers as Record<string, string>) }
    const response = await fetch(url, { ...init, redirect: 'manual', headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
}

const plain = (text: string): string =>
  text.replaceAll('&amp;', '&').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
