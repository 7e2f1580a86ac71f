import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, hostsOf } from '../../domain/connector.ts'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'
import { givenAnew, type SecretsPatch } from './seal-connector-secrets.ts'

/**
 * SECURITY: a secret is write-only also for whoever may edit where it is sent. One that is kept does not go along to a host that nobody approved:
 * whoever adds such a host gives the secrets anew, or may approve hosts. Throws `invalid_request`.
 */
export function refuseSecretsElsewhere(
  principal: Principal,
  before: Connector,
  after: Connector,
  secretsPatch: SecretsPatch | undefined,
): void {
  if (may(principal.roles, 'connector.approve')) return
  const known = [...hostsOf(before.definition), ...before.approvedHosts]
  const added = hostsOf(after.definition).filter(host => !known.includes(host))
  if (added.length === 0) return
  const given = givenAnew(secretsPatch)
  const reason = `give it again: it would go to ${added.join(', ')}, which nobody has approved`
  const kept = [
    ...(after.clientSecret !== null && after.clientSecret === before.clientSecret ? ['/auth/client_secret'] : []),
    ...(after.secrets?.names.some(name => !given.includes(name)) ? ['/auth/secrets'] : []),
  ]
  if (kept.length > 0)
    throw new BrokerError('invalid_request', {
      detail: 'The secrets that are set do not go along to a new host.',
      errors: kept.map(pointer => ({ pointer, reason })),
    })
}
