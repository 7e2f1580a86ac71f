import type { Connection } from '../../domain/connection.ts'
import { type Connector, isOfOneClient } from '../../domain/connector.ts'
import type { Revocation } from '../../domain/revocation.ts'
import { revocationSteps } from '../../domain/revocation-steps.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * What is queued and would end a new grant at the provider: steps of this connection that remove the whole app; and those that end the whole grant
 * or app of its account, here and at other connectors that are the same client of the same provider.
 */
export async function revocationsMadeVoid(
  { connectors, revocations }: Pick<Ports, 'connectors' | 'revocations'>,
  connector: Connector,
  existing: Connection | undefined,
  { accountId, orgId }: Connection,
): Promise<readonly Revocation[]> {
  const own = existing === undefined ? [] : await revocations.pendingOf(orgId, existing.id)
  const ofAccount = accountId === null ? [] : await revocations.pendingOfAccount(orgId, accountId)
  const isSameAccount =
    existing === undefined || existing.accountId === null || accountId === null || existing.accountId === accountId
  const found: Revocation[] = []
  for (const revocation of own) {
    const effect = await effectOf(revocation)
    if (effect === 'application' || (effect === 'grant' && isSameAccount)) found.push(revocation)
  }
  for (const revocation of ofAccount) {
    if (revocation.connectionId === existing?.id || (await effectOf(revocation)) === 'token') continue
    const other = await connectors.byId(orgId, revocation.connectorId)
    if (other !== undefined && isOfOneClient(connector, other)) found.push(revocation)
  }
  return found

  async function effectOf({ connectorId, connectorVersion, step }: Revocation) {
    const began = await connectors.atVersion(orgId, connectorId, connectorVersion)
    return (began && revocationSteps(began.definition)[step]?.effect) ?? 'token'
  }
}
