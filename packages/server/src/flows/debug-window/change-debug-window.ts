import type { DebugWindowId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { agreedTo, type DebugWindow, stateOf } from '../../domain/debug-window.ts'
import { may } from '../../domain/permission.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'

type Needs = Pick<Ports, 'clock' | 'debugWindows' | 'entropy' | 'people' | 'plugins'>

export type AskedWindow = {
  readonly pluginName: string
  readonly subjectId: SubjectId
  readonly reason: string
  readonly minutes: number
  readonly redaction: DebugWindow['redaction']
}

/** Debug windows: a developer asks, the person answers, either ends. */
export function createChangeDebugWindow(ports: Needs) {
  return { askDebugWindow, answerDebugWindow, endDebugWindow }

  /** Throws `debug_windows_off`, `forbidden` for a key, `plugin_not_found`, `not_found`, `already_exists` where one is asked for or open. */
  async function askDebugWindow(
    context: RequestContext,
    principal: Principal,
    { pluginName, subjectId, reason, minutes, redaction }: AskedWindow,
  ): Promise<DebugWindow> {
    if (!context.organization.debugWindows) throw new BrokerError('debug_windows_off')
    if (principal.kind !== 'session')
      throw new BrokerError('forbidden', { detail: 'A person asks for a debug window, so that the other sees who.' })
    const { organization } = context
    const plugin = await readPluginByName(ports, context, pluginName)
    if ((await ports.people.byId(organization.id, subjectId)) === undefined) throw new BrokerError('not_found')
    const now = ports.clock.now()
    const { items } = await ports.debugWindows.list(organization.id, subjectId, { after: null, limit: 200 })
    const isStanding = (window: DebugWindow) => ['asked', 'open'].includes(stateOf(window, now))
    if (items.some(window => window.pluginId === plugin.id && isStanding(window)))
      throw new BrokerError('already_exists', { detail: 'One is asked for, or open, for this plugin and person.' })
    const window: DebugWindow = {
      id: ports.entropy.newId<DebugWindowId>('dbg'),
      orgId: organization.id,
      pluginId: plugin.id,
      subjectId,
      askedBy: principal.person.id,
      reason,
      redaction,
      minutes,
      status: 'asked',
      askedAt: now,
      answeredAt: null,
      endsAt: null,
      endedAt: null,
      endedBy: null,
    }
    await ports.debugWindows.add(window, audited(context, principal, window, 'debug_window.asked'))
    return window
  }

  /** Throws `not_found` unless it is the person's own, `debug_windows_off`, `debug_window_over`. */
  async function answerDebugWindow(
    context: RequestContext,
    principal: Principal,
    id: DebugWindowId,
    answer: 'agree' | 'decline',
  ): Promise<DebugWindow> {
    const window = await read(context, id)
    if (!isOwn(principal, window)) throw new BrokerError('not_found')
    if (!context.organization.debugWindows) throw new BrokerError('debug_windows_off')
    const now = ports.clock.now()
    if (stateOf(window, now) !== 'asked') throw new BrokerError('debug_window_over')
    const answered: DebugWindow =
      answer === 'agree' ? agreedTo(window, now) : { ...window, status: 'declined', answeredAt: now }
    const action = answer === 'agree' ? 'debug_window.agreed' : 'debug_window.declined'
    return change(context, principal, window, answered, action)
  }

  /** When it returns no node writes anything under the window any more. Throws `not_found`, `debug_window_over`. */
  async function endDebugWindow(
    context: RequestContext,
    principal: Principal,
    id: DebugWindowId,
  ): Promise<DebugWindow> {
    const window = await read(context, id)
    if (!mayEnd(principal, window)) throw new BrokerError('not_found')
    const now = ports.clock.now()
    const state = stateOf(window, now)
    if (state !== 'asked' && state !== 'open') throw new BrokerError('debug_window_over')
    const ended: DebugWindow = { ...window, status: 'ended', endedAt: now, endedBy: principalName(principal) }
    await change(context, principal, window, ended, 'debug_window.ended')
    if (state === 'open') await endOfUse(ports)
    return ended
  }

  async function read({ organization }: RequestContext, id: DebugWindowId): Promise<DebugWindow> {
    const window = await ports.debugWindows.byId(organization.id, id)
    if (window === undefined) throw new BrokerError('not_found')
    return window
  }

  async function change(
    context: RequestContext,
    principal: Principal,
    before: DebugWindow,
    after: DebugWindow,
    action: 'debug_window.agreed' | 'debug_window.declined' | 'debug_window.ended',
  ): Promise<DebugWindow> {
    const audit = audited(context, principal, after, action)
    if (!(await ports.debugWindows.change(after, before.status, audit))) throw new BrokerError('debug_window_over')
    return after
  }

  function audited(
    context: RequestContext,
    principal: Principal,
    { id, subjectId, pluginId, minutes, redaction, reason }: DebugWindow,
    action: 'debug_window.asked' | 'debug_window.agreed' | 'debug_window.declined' | 'debug_window.ended',
  ) {
    const details = { plugin: pluginId, minutes, redaction, reason }
    return newAuditEvent(ports, context, principal, action, { onBehalfOf: subjectId, target: id, details })
  }
}

const isOwn = (principal: Principal, { subjectId }: DebugWindow): boolean =>
  principal.kind === 'session' && principal.person.id === subjectId

const mayEnd = (principal: Principal, window: DebugWindow): boolean =>
  isOwn(principal, window) ||
  (principal.kind === 'session' && principal.person.id === window.askedBy) ||
  may(principal.roles, 'debug-window.end')
