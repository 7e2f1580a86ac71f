import { z } from 'zod'
import { category, endpointUrl, line, name } from '../wire.ts'
import { account } from './account.ts'
import { authorizationRequestFields } from './authorization-request.ts'
import { clientAuthenticationFields, connectorSecrets } from './client-authentication.ts'
import { documented } from './documented.ts'
import { endpointFields } from './endpoints.ts'
import { gateway, health, injection } from './gateway.ts'
import { revocationFields } from './revocation.ts'
import { urlTemplate } from './template.ts'
import { tokenRequestFields } from './token-request.ts'
import { tokenResponse } from './token-response.ts'
import { environmentName, environments, variables } from './variables.ts'

export const auth = z.strictObject({
  type: documented(z.literal('oauth2').default('oauth2'), 'Auth Config', 'The kind of authorization.'),
  grant_type: documented(
    z.literal('authorization_code').default('authorization_code'),
    'Oauth2 Grant Type',
    'RFC 6749 4.1.',
  ),
  ...endpointFields,
  ...clientAuthenticationFields,
  /** Write-only. */
  client_secret: documented(
    z
      .string()
      .regex(/^[\x20-\x7E]{0,2000}$/, 'printable ASCII')
      .optional(),
    'Client Secret',
    'Write-only; an empty box keeps the old one.',
  ),
  /** Write-only. */
  secrets: documented(
    connectorSecrets.optional(),
    'Further secrets',
    'Write-only; what is left out is kept, null removes.',
  ),
  ...authorizationRequestFields,
  dpop: documented(
    z
      .strictObject({
        alg: documented(
          z.enum(['ES256', 'RS256', 'PS256', 'EdDSA']).default('ES256'),
          'Algorithm',
          'Of the proofs.',
          'ES256',
        ),
      })
      .optional(),
    'DPoP',
    'Tokens are bound to the private key (RFC 9449).',
    { alg: 'ES256' },
  ),
  ...tokenRequestFields,
  token_response: documented(tokenResponse.prefault({}), 'Token response', 'How answers are read (RFC 6749 5).'),
  ...revocationFields,
  injection: documented(
    injection.default({ header: 'Authorization', value: 'Bearer %s' }),
    'Injection',
    'How the token enters a call.',
    { header: 'X-Shopify-Access-Token', value: '%s' },
  ),
})

export const connectorFields = {
  schema_version: documented(z.literal(1).default(1), 'Schema version', 'Of this form.', 1),
  name: documented(
    name,
    'Name',
    'Internal: unique in the organization, never changed, and never used again for another.',
    'crm',
  ),
  display_name: documented(
    line(100).optional(),
    'Display Name',
    'What people see: the bare system name.',
    'Salesforce',
  ),
  display_description: documented(
    line(500).optional(),
    'Display Description',
    'What connecting unlocks, in their words.',
    'Lets assistants look up your contacts.',
  ),
  icon: documented(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .optional(),
    'Icon',
    "The catalogue's icon of this name; an uploaded one wins.",
    'salesforce',
  ),
  documentation_url: documented(
    endpointUrl().optional(),
    'Documentation',
    "The provider's page about its OAuth.",
    'https://developer.example.com/oauth',
  ),
  categories: documented(
    z
      .array(category)
      .max(5)
      .refine(list => new Set(list).size === list.length, 'a category twice')
      .default([]),
    'Categories',
    'What kind of system it is; lists are narrowed by them.',
    ['crm'],
  ),
  base_url: documented(
    urlTemplate('refused'),
    'Base Url',
    'Every gateway path is appended under it.',
    'https://api.example.com/v2',
  ),
  open_to_all: documented(
    z.boolean().default(false),
    'Open to all',
    'Everyone may connect it without a plugin that asks. Admins alone.',
    false,
  ),
  variables: documented(
    variables.default({}),
    'Variables',
    'What differs between people or organizations: {name} in templates.',
    { site: { label: 'Site', asked: 'subject' } },
  ),
  environments: documented(
    environments.default({}),
    'Environments',
    "Sets of the organization's variables by name, such as the hosts of a sandbox.",
    { sandbox: { login_host: 'test.example.com' } },
  ),
  environment: documented(
    environmentName.optional(),
    'Environment',
    'Which of them counts; by default none, and variables have their own values.',
    'sandbox',
  ),
  auth,
  account: documented(account.prefault({}), 'Account', 'Which third-party account a grant is for.'),
  gateway: documented(gateway.prefault({}), 'Gateway', 'What calls look like.'),
  health: documented(health.optional(), 'Health call', 'A call that shows whether a connection works.'),
}
