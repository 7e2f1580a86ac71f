import type { CountedUse, UsageCounter } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

const MOST_KNOWN = 50_000

/** Writes what was counted since the last round; the first use of a connection by a plugin is a fact of its own, audited. */
export function createWriteUsage(
  ports: Pick<Ports, 'clock' | 'entropy' | 'organizations' | 'plugins' | 'usage'>,
  counter: UsageCounter,
) {
  const begun = new Set<string>()

  return async function writeUsage(): Promise<number> {
    const counted = counter.take()
    try {
      for (const use of counted) if (!begun.has(keyOf(use))) await begin(use)
      await ports.usage.add(counted)
    } catch (error) {
      counter.restore(counted)
      throw error
    }
    return counted.length
  }

  async function begin(use: CountedUse): Promise<void> {
    const organization = await ports.organizations.byId(use.orgId)
    const plugin = await ports.plugins.byId(use.orgId, use.pluginId)
    if (organization === undefined || plugin === undefined) return
    const audit = newAuditEvent(ports, { organization }, 'system', 'connection.first_used', {
      onBehalfOf: use.subjectId,
      target: use.connectionId,
      details: { plugin: plugin.definition.name },
    })
    await ports.usage.begin(use, audit)
    if (begun.size >= MOST_KNOWN) begun.clear()
    begun.add(keyOf(use))
  }
}

const keyOf = ({ connectionId, pluginId }: CountedUse): string => connectionId + pluginId
