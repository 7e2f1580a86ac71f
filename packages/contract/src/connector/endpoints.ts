import { z } from 'zod'
import { endpointUrl } from '../wire.ts'
import { documented } from './documented.ts'
import { urlTemplate } from './template.ts'

const url = (title: string, description: string, example: string) =>
  documented(urlTemplate().optional(), title, description, example)

/** Where the authorization server is. With `issuer` those left out are discovered (RFC 8414, OpenID Connect Discovery 1.0). */
export const endpointFields = {
  authorization_url: url(
    'Authorization URL',
    'Where people consent (RFC 6749 3.1). May carry a query.',
    'https://login.example.com/oauth/authorize',
  ),
  token_url: url('Token URL', 'Code exchange and refresh (RFC 6749 3.2).', 'https://login.example.com/oauth/token'),
  refresh_url: url('Refresh URL', 'Where a refresh goes elsewhere.', 'https://login.example.com/oauth/refresh'),
  revoke_url: url(
    'Revoke URL',
    'Ends tokens (RFC 7009). Without it a disconnect ends our use alone.',
    'https://login.example.com/oauth/revoke',
  ),
  introspection_url: url(
    'Introspection URL',
    'Tells the life of a token (RFC 7662).',
    'https://login.example.com/oauth/introspect',
  ),
  userinfo_url: url(
    'Userinfo URL',
    'Tells whose account it is (OpenID Connect Core 5.3).',
    'https://login.example.com/oauth/userinfo',
  ),
  pushed_authorization_request_url: url(
    'Pushed authorization request URL',
    'RFC 9126.',
    'https://login.example.com/oauth/par',
  ),
  discovery: documented(
    z.enum(['auto', 'oauth', 'openid']).default('auto'),
    'Discovery',
    'Which metadata an issuer publishes: RFC 8414, OpenID Connect, or whichever answers.',
    'openid',
  ),
  instructions_url: documented(
    endpointUrl().optional(),
    'Instructions URL',
    'Shown where revocation fails or is not offered: where people remove access themselves.',
    'https://support.example.com/connected-apps',
  ),
}

/** What an issuer's metadata said when the connector was saved. Read-only: a save reads it anew. */
export const discovered = z.strictObject({
  issuer: z.string(),
  authorization_url: z.string().optional(),
  token_url: z.string().optional(),
  revoke_url: z.string().optional(),
  introspection_url: z.string().optional(),
  userinfo_url: z.string().optional(),
  pushed_authorization_request_url: z.string().optional(),
  jwks_url: z.string().optional(),
  /** RFC 9207 3. */
  iss_parameter: z.boolean(),
  /** RFC 8414 2; empty where the document is silent. */
  client_authentication_methods: z.array(z.string()),
  pkce_methods: z.array(z.string()),
  scopes: z.array(z.string()),
})
export type Discovered = z.infer<typeof discovered>
