import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Provider, { type Configuration } from 'oidc-provider'
import { createAdapters } from './adapter.ts'
import { failed } from './forms.ts'
import { createInteraction } from './interaction.ts'
import { listening } from './listening.ts'
import type { Person } from './person.ts'
import { createRequestLog, type SeenRequest } from './request-log.ts'
import { createSampleApi } from './sample-api.ts'
import { signingKeys } from './signing-keys.ts'
import type { RunningServer } from './sso.ts'

const BRAND = {
  name: 'Orbit CRM',
  accent: '#0f766e',
  tagline: 'A sample third-party system. The same e-mail and password work here.',
}
const SCOPES = ['openid', 'offline_access', 'email', 'profile', 'contacts.read', 'contacts.write']

export type ProviderOptions = {
  readonly port: number
  readonly dataDir?: string | undefined
  readonly people: readonly Person[]
  readonly clients: readonly {
    readonly clientId: string
    /** Undefined for a public client. */
    readonly clientSecret?: string | undefined
    readonly redirectUris: readonly string[]
    readonly authentication?: 'client_secret_basic' | 'client_secret_post' | 'none'
  }[]
  readonly accessTokenTtlSeconds?: number
}

export type RunningProvider = RunningServer & {
  readonly apiUrl: string
  requests(): readonly SeenRequest[]
  /** Ends every grant of an account, as when its person removes the app there. */
  endGrants(accountId: string): void
}

/** A sample third-party system: a real authorization server whose refresh tokens rotate and whose reuse ends the grant, and an API behind it. */
export async function startProvider({
  port,
  dataDir,
  people,
  clients,
  accessTokenTtlSeconds = 300,
}: ProviderOptions): Promise<RunningProvider> {
  const log = createRequestLog()
  const file = (name: string) => dataDir && join(dataDir, name)
  const adapters = createAdapters(file('provider.json'))
  const accountOf = (person: Person) => person.email.replace('@acme.', '@orbit.')
  const { url, stop } = await listening(port, issuer => {
    const configuration: Configuration = {
      adapter: adapters.adapter,
      jwks: signingKeys(file('provider-keys.json')),
      clients: clients.map(client => ({
        client_id: client.clientId,
        ...(client.clientSecret === undefined ? {} : { client_secret: client.clientSecret }),
        client_name: 'Behalf',
        redirect_uris: [...client.redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: client.authentication ?? 'client_secret_basic',
      })),
      scopes: SCOPES,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      cookies: {
        names: { session: 'orbit_session', interaction: 'orbit_step', resume: 'orbit_resume' },
        keys: [randomBytes(32).toString('base64url')],
      },
      features: {
        devInteractions: { enabled: false },
        revocation: { enabled: true, allowedPolicy: async () => true },
        introspection: { enabled: false },
      },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      // Core asks for prompt=consent before offline_access counts; a connector sends it, and then every consent is asked anew.
      issueRefreshToken: async (_, client, code) =>
        client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
      rotateRefreshToken: true,
      findAccount: (_, id) => account(people, accountOf, id),
      ttl: {
        AccessToken: accessTokenTtlSeconds,
        AuthorizationCode: 60,
        Session: 86_400,
        Interaction: 3600,
        Grant: 86_400 * 90,
        RefreshToken: 86_400 * 90,
        IdToken: 3600,
      },
      renderError(context, out) {
        context.type = 'html'
        context.body = failed(BRAND, out.error_description ?? out.error)
      },
    }
    const provider = new Provider(issuer, configuration)
    provider.on('grant.success', context => log.note(context.req, String(context.oidc.params?.['grant_type'] ?? '')))
    provider.on('grant.error', context =>
      log.note(context.req, `${String(context.oidc.params?.['grant_type'] ?? '')} refused`),
    )
    const interaction = createInteraction(provider, { brand: BRAND, people, accountOf, asksConsent: true })
    const api = createSampleApi(provider)
    const oidc = provider.callback()
    return (request, response) => {
      if (request.url?.startsWith('/api/')) {
        log.note(request)
        return void api(request, response)
      }
      if (request.url?.startsWith('/token/revocation')) log.note(request)
      return void (request.url?.startsWith('/interaction/') ? interaction(request, response) : oidc(request, response))
    }
  })
  return { url, apiUrl: `${url}/api`, requests: log.all, endGrants: adapters.endGrants, [Symbol.asyncDispose]: stop }
}

function account(people: readonly Person[], accountOf: (person: Person) => string, id: string) {
  const person = people.find(candidate => accountOf(candidate) === id)
  return person && { accountId: id, claims: () => ({ sub: id, email: id, email_verified: true, name: person.name }) }
}
