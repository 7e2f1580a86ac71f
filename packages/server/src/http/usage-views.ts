import type * as wire from '@behalf/contract'
import type { z } from 'zod'
import { type DailyUsage, startOfDay, type Usage, type Use } from '../domain/usage.ts'
import type { Told } from '../flows/usage/read-usage.ts'
import { instant, instantOrNull } from './views.ts'

const who = ({ connectionId, connector, plugin, subjectId }: Told<Use>) => ({
  connection: connectionId,
  connector: connector.name,
  plugin: plugin.name,
  subject: subjectId,
})

export const viewUsage = (usage: Told<Usage>): z.infer<typeof wire.usage> => ({
  ...who(usage),
  calls: usage.calls,
  failures: usage.failures,
  first_used_at: instant(usage.firstUsedAt),
  last_used_at: instant(usage.lastUsedAt),
  seen_at: instantOrNull(usage.seenAt),
})

export const viewUsageDay = (usage: Told<DailyUsage>): z.infer<typeof wire.usageDay> => ({
  day: instant(startOfDay(usage.day)).slice(0, 10),
  ...who(usage),
  calls: usage.calls,
  failures: usage.failures,
})
