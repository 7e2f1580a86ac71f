import type { ConnectionId } from '@behalf/contract'
import type { Connection } from '../../domain/connection.ts'
import { grantedHosts } from '../../domain/connector.ts'
import type { ParkedGrant } from '../../domain/parked-grant.ts'
import { tokenPlace } from '../../domain/places.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { queueRevocations } from '../revoke/queue-revocations.ts'
import { packedTokens } from '../token/extra-tokens.ts'
import { unparked } from './park-grant.ts'

export type DropNeeds = Pick<
  Ports,
  'clock' | 'connections' | 'connectors' | 'entropy' | 'parkedGrants' | 'revocations' | 'vault'
>

/** Queues the tokens of a grant that nobody wants for their own revocation. A grant of the account that stays connected is left alone. */
export function createDropParkedGrant(ports: DropNeeds) {
  return async function dropParkedGrant(parked: ParkedGrant): Promise<void> {
    const { orgId, connectorId, connectorVersion, subjectId } = parked
    const connector = await ports.connectors.atVersion(orgId, connectorId, connectorVersion)
    if (connector === undefined) return
    const existing = await ports.connections.bySubject(orgId, subjectId, connectorId)
    // One consent, several sites: where one of them is connected, the grant is the same, and revoking it would end that one too.
    if (parked.question.kind === 'choose_site' && existing?.status === 'connected') return
    const { request, tokenSet } = await unparked(ports, parked)
    const id = existing?.id ?? ports.entropy.newId<ConnectionId>('con')
    const seal = async (column: 'access_token' | 'refresh_token' | 'extra_tokens', value: Secret | null) =>
      value && { sealed: await ports.vault.seal(tokenPlace(orgId, id, column, 1), value), secretVersion: 1 }
    const { account, expiresAt, scope, values, refreshExpiresAt } = tokenSet
    const now = ports.clock.now()
    const unwanted: Connection = {
      id,
      orgId,
      connectorId,
      subjectId,
      status: 'disconnecting',
      generation: existing?.generation ?? 1,
      tokenVersion: 1,
      connectorVersion,
      accessToken: await seal('access_token', tokenSet.accessToken),
      refreshToken: await seal('refresh_token', tokenSet.refreshToken),
      receivedAt: now,
      expiresAt,
      grantedScope: scope,
      requestedScope: request.scope,
      accountLabel: account?.label ?? null,
      accountId: account?.id ?? null,
      accountIcon: null,
      variables: { ...request.variables, ...values },
      extraTokens: await seal('extra_tokens', packedTokens(tokenSet.extraTokens)),
      refreshExpiresAt,
      refreshEpoch: 0,
      granted: grantedHosts(connector.definition),
      connectedAt: now,
      lastUsedAt: null,
      dismissedGeneration: null,
      reason: null,
    }
    await ports.revocations.add(await queueRevocations(ports, unwanted, 'late'), [])
  }
}
