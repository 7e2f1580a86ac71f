import * as oauth from 'oauth4webapi'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'

/** How the client proves itself at the token endpoint (RFC 6749 2.3.1). A missing secret counts as an empty one. */
export function clientAuthentication({ definition, credentials }: Client): oauth.ClientAuth {
  const clientSecret = credentials.clientSecret === null ? '' : reveal(credentials.clientSecret)
  switch (definition.auth.client_authentication) {
    case 'none':
      return oauth.None()
    case 'client_secret_post':
      return (_server, client, body) => {
        body.set('client_id', client.client_id)
        if (clientSecret !== '') body.set('client_secret', clientSecret)
      }
    case 'client_secret_basic':
      return (_server, client, _body, headers) =>
        headers.set('authorization', encodedBasic(client.client_id, clientSecret))
    case 'client_secret_basic_raw':
      return (_server, client, _body, headers) => headers.set('authorization', basic(client.client_id, clientSecret))
    default:
      throw new BrokerError('connector_misconfigured', { detail: 'This client authentication is not available.' })
  }
}

/** `Basic` credentials, as they are given. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

/** The same as RFC 6749 2.3.1 has it: each form-encoded first. */
export const encodedBasic = (user: string, password: string): string => basic(formEncoded(user), formEncoded(password))

// Leaves `-`, `.`, `_` and `*` alone: oauth4webapi encodes them too, which servers that decode nothing do not understand.
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
