import { BrokerError } from '../../domain/broker-error.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from './leases.ts'

/**
 * Whose organization a host is. Without `{org}` in `BEHALF_URL` every host is the first organization that was made. Undefined where the host
 * names none; throws `not_found` with what to do where there is no organization at all.
 */
export function createFindOrganization(ports: Pick<Ports, 'organizations' | 'urls'> & { readonly leases: Leases }) {
  return async function findOrganization(host: string): Promise<Organization | undefined> {
    const slug = ports.urls.slugOf(host)
    if (slug === undefined) return undefined
    if (slug !== null)
      return (await ports.leases.organizations.through(slug, () => ports.organizations.bySlug(slug))).value
    const { value: first } = await ports.leases.organizations.through(
      '',
      async () => (await ports.organizations.all())[0],
    )
    if (first === undefined)
      throw new BrokerError('not_found', { detail: 'There is no organization yet: run `npx behalf org create`.' })
    return first
  }
}
