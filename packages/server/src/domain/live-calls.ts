import type { ConnectionId, OrgId, PluginId, PluginKeyId, SubjectId } from '@behalf/contract'
import { BrokerError } from './broker-error.ts'

/** Why a call is cut: its right ended, or whether it still has one could not be read. */
export type LiveEnd = 'ended' | 'unverified'

/** What the caller of a call that was cut before its answer began is told. */
export const problemOf = (why: LiveEnd): BrokerError =>
  why === 'ended'
    ? new BrokerError('connection_required', { detail: 'The connection ended meanwhile.' })
    : new BrokerError('store_unavailable', { detail: 'Whether the call may go on could not be read.' })

/** A call whose answer is still streaming: what it rests on, and how to end it. */
export type LiveCall = {
  readonly orgId: OrgId
  readonly id: ConnectionId
  readonly generation: number
  readonly subjectId: SubjectId
  readonly keyId: PluginKeyId | null
  readonly pluginId: PluginId
  readonly cut: (why: LiveEnd) => void
}

/** The calls this node has open, so that what ends a right also ends its streams. */
export type LiveCalls = {
  add(call: LiveCall): void
  remove(call: LiveCall): void
  cutConnection(orgId: OrgId, id: ConnectionId): void
  cutSubject(orgId: OrgId, id: SubjectId): void
  cutKey(orgId: OrgId, id: PluginKeyId): void
  all(): readonly LiveCall[]
}

export function createLiveCalls(): LiveCalls {
  const open = new Set<LiveCall>()
  const cut = (matches: (call: LiveCall) => boolean) => {
    for (const call of open) if (matches(call)) call.cut('ended')
  }
  return {
    add: call => void open.add(call),
    remove: call => void open.delete(call),
    cutConnection: (orgId, id) => cut(call => call.orgId === orgId && call.id === id),
    cutSubject: (orgId, id) => cut(call => call.orgId === orgId && call.subjectId === id),
    cutKey: (orgId, id) => cut(call => call.orgId === orgId && call.keyId === id),
    all: () => [...open],
  }
}
