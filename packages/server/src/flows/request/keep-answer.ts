import { BrokerError } from '../../domain/broker-error.ts'
import type { Place } from '../../domain/places.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { reveal, secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'

export type KeyedRequest = {
  readonly key: string
  readonly method: string
  readonly path: string
  readonly body: string
}
export type KeptAnswer = { readonly status: number; readonly body: string }

/**
 * Does something once for an `Idempotency-Key`, and gives a repeated request the first one's answer, kept sealed for a day.
 * Throws `idempotency_conflict` where the key was used for another request, or for this one and it is not answered yet.
 */
export function createKeepAnswer(ports: Pick<Ports, 'clock' | 'entropy' | 'idempotency' | 'vault'>) {
  return async function keepAnswer(
    { organization }: RequestContext,
    principal: Principal,
    { key, method, path, body }: KeyedRequest,
    answer: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer> {
    const by = principalName(principal)
    const place: Place = {
      orgId: organization.id,
      table: 'kept_answers',
      row: JSON.stringify([by, key]),
      column: 'sealed',
      secretVersion: 1,
    }
    const hash = ports.entropy.sha256(JSON.stringify([method, path, body]))
    const kept = await ports.idempotency.begin(organization.id, by, key, hash, ports.clock.now())
    if (kept !== 'begun') {
      if (!ports.entropy.equal(kept.requestHash, hash) || kept.sealed === null)
        throw new BrokerError('idempotency_conflict')
      return JSON.parse(reveal(await ports.vault.open(place, kept.sealed))) as KeptAnswer
    }
    try {
      const made = await answer()
      await ports.idempotency.finish(
        organization.id,
        by,
        key,
        await ports.vault.seal(place, secret(JSON.stringify(made))),
      )
      return made
    } catch (error) {
      await ports.idempotency.finish(organization.id, by, key, null)
      throw error
    }
  }
}
