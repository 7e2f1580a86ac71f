import { BrokerError } from '../../domain/broker-error.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * Whose organization a host is. Without `{org}` in `BEHALF_URL` every host is the first organization that was made. Undefined where the host
 * names none; throws `not_found` with what to do where there is no organization at all.
 */
export function createFindOrganization(ports: Pick<Ports, 'organizations' | 'urls'>) {
  return async function findOrganization(host: string): Promise<Organization | undefined> {
    const slug = ports.urls.slugOf(host)
    if (slug === undefined) return undefined
    if (slug !== null) return ports.organizations.bySlug(slug)
    const [first] = await ports.organizations.all()
    if (first === undefined)
      throw new BrokerError('not_found', { detail: 'There is no organization yet: run `npx behalf org create`.' })
    return first
  }
}
