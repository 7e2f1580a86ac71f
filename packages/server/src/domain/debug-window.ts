import type { DebugWindowId, OrgId, PluginId, RedactionPolicy, SubjectId } from '@behalf/contract'

/**
 * A time during which the calls of one plugin for one person who agreed are written down under a looser policy, so that a fault of theirs can be
 * found.
 */
export type DebugWindow = {
  readonly id: DebugWindowId
  readonly orgId: OrgId
  readonly pluginId: PluginId
  readonly subjectId: SubjectId
  /** The developer who asked. */
  readonly askedBy: SubjectId
  readonly reason: string
  readonly redaction: Exclude<RedactionPolicy, 'strict'>
  readonly minutes: number
  readonly status: 'asked' | 'agreed' | 'declined' | 'ended'
  readonly askedAt: number
  readonly answeredAt: number | null
  /** Set when the person agrees. */
  readonly endsAt: number | null
  readonly endedAt: number | null
  /** A principal as the audit names it, where somebody ended it early. */
  readonly endedBy: string | null
}

/** How a window stands now: what was asked and not answered lapses, and what was agreed to is over by itself. */
export type DebugWindowState = 'asked' | 'open' | 'declined' | 'lapsed' | 'over' | 'ended'

const LONGEST_WINDOW_MINUTES = 60
const ASKED_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

export function stateOf(window: DebugWindow, now: number): DebugWindowState {
  if (window.status === 'asked') return now < window.askedAt + ASKED_MS ? 'asked' : 'lapsed'
  if (window.status === 'agreed') return window.endsAt !== null && now < window.endsAt ? 'open' : 'over'
  return window.status
}

/** The window once its person said yes: it begins now. */
export const agreedTo = (window: DebugWindow, now: number): DebugWindow => ({
  ...window,
  status: 'agreed',
  answeredAt: now,
  endsAt: now + Math.min(window.minutes, LONGEST_WINDOW_MINUTES) * MINUTE_MS,
})

/** Of several windows the one that is open for this plugin and person. */
export const openFor = (
  windows: readonly DebugWindow[],
  { pluginId, subjectId }: Pick<DebugWindow, 'pluginId' | 'subjectId'>,
  now: number,
): DebugWindow | undefined =>
  windows.find(
    window => window.pluginId === pluginId && window.subjectId === subjectId && stateOf(window, now) === 'open',
  )
