import { openFor } from '../../domain/debug-window.ts'
import type { Person } from '../../domain/person.ts'
import type { Plugin } from '../../domain/plugin.ts'
import { stricter } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from '../request/leases.ts'
import type { CallTerms } from './call-terms.ts'

type Needs = Pick<Ports, 'clock' | 'debugWindows'> & { readonly leases: Leases }

/** The terms of a launch, loosened where the person's debug window for the plugin is open. */
export function createWindowTerms(ports: Needs) {
  return function windowTerms(
    { organization }: RequestContext,
    { plugin, person }: { readonly plugin: Plugin; readonly person: Person },
    terms: CallTerms,
  ): CallTerms | Promise<CallTerms> {
    if (!organization.debugWindows) return terms
    return loosened()

    async function loosened(): Promise<CallTerms> {
      const now = ports.clock.now()
      const read = () => ports.debugWindows.agreed(organization.id, now)
      const { value: agreed } = await ports.leases.debugWindows.through(organization.id, read)
      const window = openFor(agreed, { pluginId: plugin.id, subjectId: person.id }, now)
      if (window === undefined || stricter(window.redaction, terms.redaction) === window.redaction) return terms
      return { ...terms, redaction: window.redaction }
    }
  }
}
