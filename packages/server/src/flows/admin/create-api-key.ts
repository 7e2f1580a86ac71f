import type { ApiKeyId, Role } from '@behalf/contract'
import type { ApiKey } from '../../domain/api-key.ts'
import { formatKey, START } from '../../domain/key-format.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

export type NewApiKey = { readonly label: string; readonly expiresAt: number | null; readonly roles: readonly Role[] }

/** Makes an API key; the key itself is in this answer alone. */
export function createCreateApiKey(ports: Pick<Ports, 'apiKeys' | 'clock' | 'entropy'>) {
  return async function createApiKey(
    context: Pick<RequestContext, 'organization'> & Partial<RequestContext>,
    principal: Principal | 'system',
    { label, expiresAt, roles }: NewApiKey,
  ): Promise<{ readonly record: ApiKey; readonly key: Secret }> {
    const key = formatKey('bhf_', ports.entropy.randomToken(32))
    const record: ApiKey = {
      id: ports.entropy.newId<ApiKeyId>('key'),
      orgId: context.organization.id,
      hash: ports.entropy.sha256(key),
      roles: [...new Set(roles)],
      createdBy: typeof principal === 'string' ? principal : principalName(principal),
      label,
      start: key.slice(0, START),
      createdAt: ports.clock.now(),
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    }
    const details = { key: record.id, roles: record.roles }
    await ports.apiKeys.add(
      record,
      newAuditEvent(ports, context, principal, 'api_key.created', { target: record.id, details }),
    )
    return { record, key: secret(key) }
  }
}
