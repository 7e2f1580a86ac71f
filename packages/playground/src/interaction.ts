import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { type Brand, consentForm, loginForm, notFound } from './forms.ts'
import { findPerson, type Person } from './person.ts'

type Settings = {
  readonly brand: Brand
  readonly people: readonly Person[]
  readonly accountOf: (person: Person) => string
  readonly asksConsent: boolean
}

const MAX_FORM = 10_000

/** Answers `/interaction/{uid}`: the sign-in and consent forms of a sample server. */
export function createInteraction(provider: Provider, settings: Settings) {
  return async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , uid = '', step] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    try {
      const details = await provider.interactionDetails(request, response)
      if (details.uid !== uid) return send(response, 404, notFound(settings.brand))
      if (request.method === 'POST' && step === 'login') return await login(request, response, uid)
      if (request.method === 'POST' && step === 'consent') return await consent(request, response)
      if (details.prompt.name === 'login')
        return send(response, 200, loginForm(settings.brand, { uid, email: '', wrong: false }))
      if (!settings.asksConsent) return await grant(request, response, undefined)
      const missing = details.prompt.details['missingOIDCScope'] as string[] | undefined
      const asked = missing ?? String(details.params['scope'] ?? '').split(' ')
      const client = await provider.Client.find(String(details.params['client_id']))
      const account = details.session?.accountId ?? ''
      const consentView = { uid, client: client?.clientName ?? 'An application', account, scopes: asked }
      send(response, 200, consentForm(settings.brand, consentView))
    } catch {
      send(response, 404, notFound(settings.brand))
    }
  }

  async function login(request: IncomingMessage, response: ServerResponse, uid: string): Promise<void> {
    const form = await readForm(request)
    const email = form.get('email') ?? ''
    const person = findPerson(settings.people, email, form.get('password') ?? '')
    if (person === undefined) return send(response, 401, loginForm(settings.brand, { uid, email, wrong: true }))
    await provider.interactionFinished(request, response, { login: { accountId: settings.accountOf(person) } })
  }

  async function consent(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request)
    if (form.get('answer') !== 'allow') {
      const result = { error: 'access_denied', error_description: 'The person said no' }
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }
    await grant(request, response, ['openid', ...form.getAll('scope')])
  }

  async function grant(
    request: IncomingMessage,
    response: ServerResponse,
    allowed: readonly string[] | undefined,
  ): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    // Every consent is a grant of its own, so that a person who allows less the next time really grants less.
    const made = new provider.Grant({ accountId: String(session?.accountId), clientId: String(params['client_id']) })
    const asked =
      (prompt.details['missingOIDCScope'] as string[] | undefined) ?? String(params['scope'] ?? '').split(' ')
    const granted = asked.filter(scope => allowed === undefined || allowed.includes(scope))
    made.addOIDCScope(granted.join(' '))
    const refused = asked.filter(scope => !granted.includes(scope))
    if (refused.length > 0) made.rejectOIDCScope(refused.join(' '))
    const grantId = await made.save()
    await provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true })
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_FORM) throw new Error('form too large')
  }
  return new URLSearchParams(text)
}

function send(response: ServerResponse, status: number, body: string): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  }
  response.writeHead(status, headers).end(body)
}
