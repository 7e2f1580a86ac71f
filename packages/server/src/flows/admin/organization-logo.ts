import { BrokerError } from '../../domain/broker-error.ts'
import { toHex } from '../../domain/bytes.ts'
import { type Icon, iconFault } from '../../domain/icon.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'organizations'>

/** The uploaded logo that an organization's pages carry. */
export function createOrganizationLogo(ports: Needs) {
  return {
    /** Undefined where none was uploaded. */
    readLogo: ({ organization }: RequestContext): Promise<Icon | undefined> =>
      ports.organizations.logo(organization.id),

    /** Keeps a logo that is harmless, or removes it (null). Throws `invalid_request`, `version_conflict`. */
    async setLogo(
      context: RequestContext,
      principal: Principal,
      given: Pick<Icon, 'mediaType' | 'bytes'> | null,
    ): Promise<void> {
      const { organization } = context
      const fault = given === null ? undefined : iconFault(given.mediaType, given.bytes)
      if (fault !== undefined)
        throw new BrokerError('invalid_request', { errors: [{ pointer: '/data', reason: fault }] })
      const hash = given && toHex(ports.entropy.sha256Bytes(given.bytes))
      const logo = given && hash && { ...given, hash, updatedAt: ports.clock.now() }
      const after = { ...organization, logo: hash, version: organization.version + 1 }
      const details = { changed: ['logo'], logo: hash }
      const fields = { target: organization.slug, details }
      const audit = newAuditEvent(ports, context, principal, 'organization.changed', fields)
      if (!(await ports.organizations.setLogo(after, logo || null, audit))) throw new BrokerError('version_conflict')
    },
  }
}
