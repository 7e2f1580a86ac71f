import type { Outbound } from '../ports/outbound.ts'
import type { ProviderClient } from '../ports/provider-client.ts'
import { createFindAccount } from './account.ts'
import { authorizationRequest } from './authorization-request.ts'
import { provesCallback } from './callback-hmac.ts'
import { discover } from './discovery.ts'
import { dpopProof } from './dpop.ts'
import { exchangeCode } from './exchange-code.ts'
import { previewRequests } from './preview.ts'
import { refresh } from './refresh.ts'
import { revokeStep } from './revoke-step.ts'

/** OAuth 2.0 towards third parties, over the outbound port alone. */
export function createProviderClient({ outbound }: { readonly outbound: Outbound }): ProviderClient {
  const findAccount = createFindAccount(outbound)
  return {
    discover: (target, issuer, kind) => discover(outbound, target, issuer, kind),
    authorizationUrl: (client, request) => authorizationRequest(outbound, client, request),
    provesCallback,
    exchangeCode: (client, callback) => exchangeCode(outbound, findAccount, client, callback),
    refresh: (client, held, options) => refresh(outbound, client, held, options),
    revoke: (client, step, held, now) => revokeStep(outbound, client, step, held, now),
    proof: dpopProof,
    preview: previewRequests,
  }
}
