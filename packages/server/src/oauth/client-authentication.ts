import * as oauth from 'oauth4webapi'
import { reveal } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'

/** How the client proves itself at the token endpoint (RFC 6749 2.3.1). */
export function clientAuthentication({ definition, credentials }: Client): oauth.ClientAuth {
  const clientSecret = credentials.clientSecret === null ? '' : reveal(credentials.clientSecret)
  switch (definition.auth.client_authentication) {
    case 'none':
      return oauth.None()
    case 'client_secret_post':
      return oauth.ClientSecretPost(clientSecret)
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(clientSecret)
    case 'client_secret_basic_raw':
      // Several real servers do not decode what RFC 6749 2.3.1 says to encode.
      return (_server, client, _body, headers) => headers.set('authorization', basic(client.client_id, clientSecret))
  }
}

/** `Basic` credentials, as they are given. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

/** The same as RFC 6749 2.3.1 has it: each form-encoded first. */
export const encodedBasic = (user: string, password: string): string => basic(formEncoded(user), formEncoded(password))

const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
