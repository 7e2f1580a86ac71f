import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Provider, { type Configuration } from 'oidc-provider'
import { createAdapters } from './adapter.ts'
import { failed } from './forms.ts'
import { createInbox } from './inbox.ts'
import { createInteraction } from './interaction.ts'
import { listening } from './listening.ts'
import type { Person } from './person.ts'
import { signingKeys } from './signing-keys.ts'

const BRAND = {
  name: 'Acme sign-in',
  accent: '#7a3e9d',
  tagline: 'The sample company’s own sign-in. Use one of the names that the start printed.',
}

export type SsoOptions = {
  readonly port: number
  readonly dataDir?: string | undefined
  readonly people: readonly Person[]
  readonly clients: readonly {
    readonly clientId: string
    readonly clientSecret: string
    readonly redirectUris: readonly string[]
    readonly postLogoutRedirectUris: readonly string[]
    readonly idTokenSignedResponseAlg?: 'RS256' | 'PS256' | 'ES256' | 'EdDSA'
  }[]
}

export type RunningServer = AsyncDisposable & { readonly url: string }

/** The sample company: its SSO, a real OpenID provider on loopback, and its receiver of webhooks. */
export async function startSso({
  port,
  dataDir,
  people,
  clients,
}: SsoOptions): Promise<RunningServer & { trustWebhooks(secret: string): void }> {
  const { trust, inbox } = createInbox()
  const file = (name: string) => dataDir && join(dataDir, name)
  const { url, stop } = await listening(port, issuer => {
    const configuration: Configuration = {
      adapter: createAdapters(file('sso.json')).adapter,
      jwks: signingKeys(file('sso-keys.json')),
      clients: clients.map(client => ({
        client_id: client.clientId,
        client_secret: client.clientSecret,
        client_name: 'Behalf',
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...client.postLogoutRedirectUris],
        id_token_signed_response_alg: client.idTokenSignedResponseAlg ?? 'RS256',
      })),
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'department'] },
      conformIdTokenClaims: false,
      cookies: {
        names: { session: 'acme_sso', interaction: 'acme_sso_step', resume: 'acme_sso_resume' },
        keys: [randomBytes(32).toString('base64url')],
      },
      enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource(context, form) {
            context.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign out · ${BRAND.name}</title></head><body><main><h1>Sign out of Acme?</h1>${form}<button autofocus type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></main></body></html>`
          },
        },
      },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, id) => account(people, id),
      ttl: { Session: 86_400, Interaction: 3600, Grant: 86_400, AccessToken: 3600, IdToken: 3600 },
      renderError(context, out) {
        context.type = 'html'
        context.body = failed(BRAND, out.error_description ?? out.error)
      },
    }
    const provider = new Provider(issuer, configuration)
    const interaction = createInteraction(provider, {
      brand: BRAND,
      people,
      accountOf: person => person.sub,
      asksConsent: false,
    })
    const oidc = provider.callback()
    return (request, response) => {
      if (request.url === '/webhooks') return void inbox(request, response)
      void (request.url?.startsWith('/interaction/') ? interaction(request, response) : oidc(request, response))
    }
  })
  return { url, trustWebhooks: trust, [Symbol.asyncDispose]: stop }
}

function account(people: readonly Person[], id: string) {
  const person = people.find(candidate => candidate.sub === id)
  if (person === undefined) return undefined
  const { email, name, groups, department } = person
  return {
    accountId: id,
    claims: () => ({ sub: id, email, email_verified: true, name, groups: [...groups], department }),
  }
}
