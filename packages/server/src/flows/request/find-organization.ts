import { BrokerError } from '../../domain/broker-error.ts'
import { type NowOrLater, whenKnown } from '../../domain/now-or-later.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from './leases.ts'

/**
 * Whose organization a host is. Without `{org}` in `BEHALF_URL` every host is the first organization that was made. Undefined where the host
 * names none; throws `not_found` with what to do where there is no organization at all.
 */
export function createFindOrganization(ports: Pick<Ports, 'organizations' | 'urls'> & { readonly leases: Leases }) {
  const firstOfAll = async () => (await ports.organizations.all())[0]

  return function findOrganization(host: string): NowOrLater<Organization | undefined> {
    const slug = ports.urls.slugOf(host)
    if (slug === undefined) return undefined
    const { organizations: leased } = ports.leases
    if (slug !== null)
      return whenKnown(
        leased.through(slug, () => ports.organizations.bySlug(slug)),
        ({ value }) => value,
      )
    return whenKnown(leased.through('', firstOfAll), ({ value: first }) => {
      if (first !== undefined) return first
      throw new BrokerError('not_found', { detail: 'There is no organization yet: run `npx behalf org create`.' })
    })
  }
}
