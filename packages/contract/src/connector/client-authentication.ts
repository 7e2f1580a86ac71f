import { z } from 'zod'
import { endpointUrl } from '../wire.ts'
import { documented } from './documented.ts'
import { credentialHeaderName } from './parts.ts'
import { headerTemplate, template } from './template.ts'

/** How the client proves itself (RFC 6749 2.3, RFC 7523, RFC 8705), and what real servers take instead. */
export const clientAuthenticationMethod = z.enum([
  'client_secret_basic',
  'client_secret_basic_raw',
  'client_secret_post',
  'client_secret_json',
  'client_secret_header',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'none',
])

const elsewhere = (title: string, description: string) =>
  documented(clientAuthenticationMethod.optional(), title, description, 'none')

export const clientAuthenticationFields = {
  client_id: documented(
    z.string().regex(/^[\x20-\x7E]{1,500}$/, 'printable ASCII'),
    'Client ID',
    'As the third party registered it.',
    '3MVG9lKcPoNINVB',
  ),
  client_authentication: documented(
    clientAuthenticationMethod.default('client_secret_basic'),
    'Client authentication',
    'How the client proves itself at the token endpoint. Check tells which methods a provider takes.',
    'client_secret_post',
  ),
  client_authentication_at: documented(
    z
      .strictObject({
        refresh: elsewhere('Refresh', 'When tokens are renewed.'),
        revocation: elsewhere('Revocation', 'When tokens are revoked.'),
        introspection: elsewhere('Introspection', 'When a token is looked at (RFC 7662).'),
        pushed_authorization_request: elsewhere(
          'Pushed authorization request',
          'When the request is pushed (RFC 9126).',
        ),
      })
      .default({}),
    'Client authentication elsewhere',
    'Where an endpoint differs from the token endpoint.',
    { revocation: 'none' },
  ),
  client_authentication_header: documented(
    z
      .strictObject({
        name: documented(credentialHeaderName.default('Authorization'), 'Header', 'Its name.', 'Authorization'),
        value: documented(headerTemplate, 'Value', 'What it holds; secrets by name.', 'Client {client_secret}'),
      })
      .optional(),
    'Client authentication header',
    'For client_secret_header: may name {client_id}, {client_secret} and {basic_credentials}.',
    { name: 'Authorization', value: 'Client {client_secret}' },
  ),
  client_assertion: documented(
    z
      .strictObject({
        alg: documented(
          z.enum(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']).optional(),
          'Algorithm',
          'Of the signature; by default what the key is for.',
          'ES256',
        ),
        kid: documented(z.string().max(200).optional(), 'Key ID', 'The `kid` header (RFC 7515 4.1.4).', 'ABC123DEFG'),
        x5t: documented(
          z
            .string()
            .regex(/^[A-Za-z0-9_-]{20,60}$/)
            .optional(),
          'Certificate thumbprint',
          'The `x5t` header, where the provider wants one (Entra ID).',
          'hOBcHZi846VCHTJbFAs52Go9VTQ',
        ),
        iss: documented(template(500).default('{client_id}'), 'Issuer', 'The `iss` claim (RFC 7523 3).', '{team_id}'),
        sub: documented(
          template(500).default('{client_id}'),
          'Subject',
          'The `sub` claim (RFC 7523 3).',
          '{client_id}',
        ),
        aud: documented(
          template(500).optional(),
          'Recipient',
          'The `aud` claim, where it is neither the verified issuer nor the exact endpoint.',
          'https://appleid.apple.com',
        ),
        lifetime_s: documented(z.int().min(10).max(600).default(60), 'Lifetime', 'Seconds until `exp`.', 60),
        sent_as: documented(
          z.enum(['client_assertion', 'client_secret']).default('client_assertion'),
          'Sent as',
          'Apple takes the signed JWT as the client secret.',
          'client_secret',
        ),
      })
      .optional(),
    'Client assertion',
    'How the JWT of client_secret_jwt and private_key_jwt is made (RFC 7523).',
  ),
  tls_client: documented(
    z
      .strictObject({
        certificate: documented(
          z
            .string()
            .max(20_000)
            .regex(/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, 'PEM certificates'),
          'Certificate',
          'PEM, the client certificate first. Its key is set under `secrets`.',
          '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----',
        ),
        at: documented(
          z
            .array(z.enum(['token', 'api']))
            .min(1)
            .max(2)
            .default(['token']),
          'Where',
          'At the token endpoint, the API, or both.',
          ['token', 'api'],
        ),
      })
      .optional(),
    'Client certificate',
    'Mutual TLS (RFC 8705).',
  ),
  issuer: documented(
    endpointUrl('refused').optional(),
    'Issuer',
    'The authorization server as its metadata names it, byte for byte (RFC 8414, RFC 9207).',
    'https://login.example.com',
  ),
}

/** Write-only secrets beside the client secret; a read tells whether each is set. */
export const connectorSecrets = z
  .strictObject({
    previous_client_secret: documented(
      z
        .string()
        .regex(/^[\x20-\x7E]{0,2000}$/, 'printable ASCII')
        .optional(),
      'Former client secret',
      'Still active while the secret is being replaced: tried where a refresh or a revocation is refused with the new one.',
    ),
    private_key: documented(
      z
        .string()
        .max(20_000)
        .regex(/^(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+|\{[\s\S]+\})\s*$/, 'a PEM (PKCS #8) or JWK private key')
        .optional(),
      'Private key',
      'Signs client assertions, request objects and DPoP proofs: PEM (PKCS #8) or JWK.',
    ),
    tls_client_key: documented(
      z
        .string()
        .max(20_000)
        .regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+$/, 'a PEM private key')
        .optional(),
      'Client certificate key',
      'PEM; belongs to the client certificate.',
    ),
    variables: documented(
      z.record(z.string().max(40), z.string().max(2000)).optional(),
      'Secret variables',
      "Values of the organization's variables that are marked secret.",
      { developer_token: 'xxxx' },
    ),
  })
  .meta({ id: 'ConnectorSecrets' })
export type ConnectorSecrets = z.infer<typeof connectorSecrets>
