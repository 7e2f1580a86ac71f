import type { PublicAuth } from '../domain/connector.ts'
import { reveal } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'
import { basicCredentials, rawBasicCredentials } from './basic-credentials.ts'
import { ASSERTION_TYPE, clientAssertion } from './client-assertion.ts'
import { filled, requestNames } from './request-names.ts'

export type AuthenticatedEndpoint =
  | 'token'
  | 'refresh'
  | 'revocation'
  | 'introspection'
  | 'pushed_authorization_request'
export type AuthenticationMethod = PublicAuth['client_authentication']

/** Where credentials go: fields of the body, and headers. */
export type Credentialed = { readonly fields: URLSearchParams; readonly headers: Headers }

/** The method of an endpoint: its own, else that of the token endpoint. */
export const methodAt = (auth: PublicAuth, endpoint: AuthenticatedEndpoint): AuthenticationMethod =>
  (endpoint === 'token' ? undefined : auth.client_authentication_at[endpoint]) ?? auth.client_authentication

/** Lets the client prove itself (RFC 6749 2.3.1, RFC 7523 2.2, RFC 8705 2). A missing secret counts as an empty one. */
export async function authenticateClient(
  client: Client,
  method: AuthenticationMethod,
  { url, now }: { readonly url: string; readonly now: number },
  { fields, headers }: Credentialed,
): Promise<void> {
  const { client_id, client_assertion, client_authentication_header } = client.definition.auth
  const clientSecret = client.credentials.clientSecret === null ? '' : reveal(client.credentials.clientSecret)
  switch (method) {
    case 'client_secret_basic':
      return headers.set('authorization', `Basic ${basicCredentials(client_id, clientSecret)}`)
    case 'client_secret_basic_raw':
      return headers.set('authorization', `Basic ${rawBasicCredentials(client_id, clientSecret)}`)
    case 'client_secret_header': {
      const { name, value } = client_authentication_header ?? { name: 'Authorization', value: '' }
      return headers.set(name, filled(value, requestNames(client, now)))
    }
    case 'client_secret_post':
    case 'client_secret_json':
      fields.set('client_id', client_id)
      if (clientSecret !== '') fields.set('client_secret', clientSecret)
      return
    case 'client_secret_jwt':
    case 'private_key_jwt': {
      const assertion = await clientAssertion(client, method, url, now)
      fields.set('client_id', client_id)
      if (client_assertion?.sent_as === 'client_secret') return fields.set('client_secret', assertion)
      fields.set('client_assertion', assertion)
      return fields.set('client_assertion_type', ASSERTION_TYPE)
    }
    // RFC 8705 2: the certificate proves it; client_id says who.
    case 'tls_client_auth':
    case 'none':
      return fields.set('client_id', client_id)
  }
}
