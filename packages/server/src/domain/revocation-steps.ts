import type { RevocationStep, StoredConnectorDefinition } from '@behalf/contract'
import { endpointTemplate } from './endpoints.ts'

/** A token by kind: `none` where a step carries none, else a further token's name. */
export type StepToken = string

const SHORT = {
  token: 'both',
  position: undefined,
  body: undefined,
  authentication_header: undefined,
  token_value: '{token}',
  success: [],
  already_gone: [],
  needs_fresh_access_token: false,
  effect: 'token',
  retry: {},
  best_effort: false,
} as const satisfies Partial<RevocationStep>

/** The steps that end a grant at the provider, in order; the short form is one step for both tokens (RFC 7009 2.1). None where it offers no way. */
export function revocationSteps(definition: StoredConnectorDefinition): readonly RevocationStep[] {
  const { auth } = definition
  if (auth.revocation !== undefined) return auth.revocation.steps
  const url = endpointTemplate(definition, 'revoke_url')
  if (url === undefined) return []
  const {
    authentication = 'as_token_endpoint',
    token_key = 'token',
    method = 'POST',
    headers = {},
    data = {},
  } = auth.revoke ?? {}
  const token_type_hint = method === 'POST' && token_key === 'token' && !('token_type_hint' in data)
  return [
    { ...SHORT, success: [], already_gone: [], url, authentication, token_key, method, headers, data, token_type_hint },
  ]
}

/** The tokens a step ends, the refresh token first, because it often takes the others along. */
export const tokensOf = ({ token }: RevocationStep): readonly StepToken[] =>
  token === 'both' ? ['refresh_token', 'access_token'] : [token]

/** The farthest that ending a grant reaches. */
export function revocationEffect(definition: StoredConnectorDefinition): RevocationStep['effect'] {
  const effects = revocationSteps(definition).map(({ effect }) => effect)
  return (['application', 'grant'] as const).find(effect => effects.includes(effect)) ?? 'token'
}
