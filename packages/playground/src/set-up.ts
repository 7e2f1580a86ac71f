import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Person } from './person.ts'
import { createVisitor } from './visitor.ts'

/** What is drawn once and kept: passwords and client secrets of the sample. */
export type Sample = { readonly people: readonly Person[]; readonly ssoSecret: string; readonly providerSecret: string }

/** What `playground.json` holds. */
export type PlaygroundFile = {
  readonly url: string
  readonly callback_url: string
  readonly api_key: string
  readonly connector: string
  readonly plugin: string
  readonly plugin_key: string
  readonly people: readonly { readonly role: string; readonly email: string; readonly password: string }[]
  readonly provider_url: string
  readonly sso_url: string
  /** What the messages to `{sso_url}/webhooks` are signed with. */
  readonly webhook_secret?: string
  readonly curl: string
}

type Needs = {
  readonly url: string
  readonly ssoUrl: string
  readonly providerUrl: string
  readonly dataDir: string
  readonly sample: Sample
  readonly runCli: (args: readonly string[]) => Promise<string>
  readonly startBroker: () => Promise<ChildProcess>
  readonly playgroundReady: Promise<void>
  readonly trustWebhooks: (secret: string) => void
}

const CONNECTOR = 'orbit'
const PLUGIN = 'sales-assistant'

/** Makes the sample organization, connector and plugin at the first start, and finds them again at the next. */
export async function setUp(
  needs: Needs,
): Promise<{ readonly contents: PlaygroundFile; readonly broker: ChildProcess }> {
  const { url, dataDir, sample, ssoUrl, providerUrl } = needs
  const kept = join(dataDir, 'playground.json')
  const before = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as PlaygroundFile) : undefined
  const made = before === undefined ? await makeOrganization(needs) : undefined
  const broker = await needs.startBroker()
  try {
    await needs.playgroundReady
    if (before?.webhook_secret !== undefined) needs.trustWebhooks(before.webhook_secret)
    if (before !== undefined)
      return { contents: { ...before, url, sso_url: ssoUrl, provider_url: providerUrl }, broker }
    if (made === undefined) throw new Error('The sample organization is missing')
    const { pluginKey, webhookSecret } = await makeSample(needs, made.api_key)
    const [una] = sample.people
    return {
      broker,
      contents: {
        url,
        callback_url: `${url}/auth/oauthCallback/${CONNECTOR}`,
        api_key: made.api_key,
        connector: CONNECTOR,
        plugin: PLUGIN,
        plugin_key: pluginKey,
        people: sample.people.map(({ role, email, password }) => ({ role, email, password })),
        provider_url: providerUrl,
        sso_url: ssoUrl,
        webhook_secret: webhookSecret,
        curl: `curl -H 'Authorization: Bearer ${pluginKey}' -H 'Behalf-Subject: ${una?.email}' ${url}/gateway/${CONNECTOR}/me`,
      },
    }
  } catch (error) {
    broker.kill('SIGTERM')
    throw error
  }
}

async function makeOrganization({ runCli, dataDir, sample, ssoUrl }: Needs): Promise<{ api_key: string }> {
  const secretFile = join(dataDir, 'playground', 'sso-secret')
  writeFileSync(secretFile, sample.ssoSecret, { mode: 0o600 })
  const options = [
    '--name',
    'Acme',
    '--sso-issuer',
    ssoUrl,
    '--sso-client-id',
    'behalf',
    '--sso-client-secret-file',
    secretFile,
    '--json',
  ]
  try {
    return JSON.parse(await runCli(['org', 'create', 'acme', ...options])) as {
      api_key: string
      admin_claim_code: string
    }
  } finally {
    rmSync(secretFile, { force: true })
  }
}

async function makeSample(
  { url, sample, ssoUrl, providerUrl, trustWebhooks }: Needs,
  apiKey: string,
): Promise<{ readonly pluginKey: string; readonly webhookSecret: string }> {
  const call = async (path: string, body?: unknown, method = 'POST'): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok)
      throw new Error(`The sample could not be made: ${path}: ${JSON.stringify(answer['errors'] ?? answer['code'])}`)
    return answer
  }
  const webhookSecret = String((await call('/webhooks', { url: `${ssoUrl}/webhooks` }))['secret'])
  trustWebhooks(webhookSecret)
  await call('/connectors', {
    name: CONNECTOR,
    display_name: 'Orbit CRM',
    display_description: 'Lets assistants look up your contacts and add new ones for you.',
    base_url: `${providerUrl}/api`,
    approve: true,
    auth: {
      authorization_url: `${providerUrl}/auth`,
      token_url: `${providerUrl}/token`,
      client_id: 'behalf',
      client_secret: sample.providerSecret,
      scope: ['openid', 'email', 'offline_access', 'contacts.read'],
      authorization_params: [{ name: 'prompt', value: 'consent' }],
      issuer: providerUrl,
      iss_required: true,
      revoke_url: `${providerUrl}/token/revocation`,
      instructions_url: `${providerUrl}/`,
    },
  })
  await call('/plugins', {
    name: PLUGIN,
    display_name: 'Sales assistant',
    description: 'It looks up your contacts when you ask it to.',
    connectors: [
      { connector: CONNECTOR, scope: ['contacts.read'], methods: ['GET'], path_prefixes: ['/me', '/contacts'] },
    ],
    actions: [
      {
        name: 'list-contacts',
        description: 'Lists the contacts of the person, a company’s alone where one is named.',
        connector: CONNECTOR,
        method: 'GET',
        path: '/contacts',
        query: { company: '{company}' },
        read_only: true,
        input: {
          type: 'object',
          properties: { company: { type: 'string', maxLength: 100 } },
          additionalProperties: false,
        },
        output: {
          type: 'array',
          items: { type: 'object', required: ['id', 'name'], properties: { name: { type: 'string' } } },
        },
      },
    ],
    trusted: 'launch_audience',
  })
  await call(`/plugins/${PLUGIN}/versions`)
  await call(`/plugins/${PLUGIN}/launches`, {
    launch_audience: { kind: 'everyone' },
    reason: 'The sample is for everybody.',
  })
  // So that the organization knows them from the first call on.
  await Promise.all(sample.people.map(person => createVisitor(url, person).go(`${url}/connections`)))
  const known = (await call('/people', undefined, 'GET'))['items'] as readonly {
    readonly id: string
    readonly email: string
  }[]
  for (const { role, email } of sample.people) {
    const person = known.find(candidate => candidate.email === email)
    if (role !== 'end_user' && person !== undefined) await call(`/people/${person.id}/roles`, { roles: [role] }, 'PUT')
  }
  const key = await call(`/plugins/${PLUGIN}/keys`, { label: 'playground' })
  return { pluginKey: String(key['key']), webhookSecret }
}

/** What a start prints. */
export function announce(file: PlaygroundFile): string {
  const width = Math.max(...file.people.map(({ email }) => email.length))
  const people = file.people.map(
    ({ role, email, password }) => `    ${email.padEnd(width)}  ${password}   ${role.replace('_', ' ')}`,
  )
  return `
  Behalf is ready.

  Connections page   ${file.url}/connections
  Studio             ${file.url}/studio/   (for developers and admins)
  API reference      ${file.url}/api/docs
  Sample system      ${file.provider_url}   (the same names and passwords work there)
  Webhooks received  ${file.sso_url}/webhooks

  Sign in as
${people.join('\n')}

  Call the sample API on ${file.people[0]?.email}'s behalf; before she connects Orbit CRM it answers with a link:

    ${file.curl}

  See a plugin launched, debugged and launched again, with what is written down of each call: npm run tour

  All of this is also in playground.json in the data folder. Ctrl-C stops everything.

`
}
