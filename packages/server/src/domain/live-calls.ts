import type { ConnectionId, OrgId, PluginId, PluginKeyId, SubjectId } from '@behalf/contract'

/** A call whose answer is still streaming: what it rests on, and how to end it. */
export type LiveCall = {
  readonly orgId: OrgId
  readonly id: ConnectionId
  readonly generation: number
  readonly subjectId: SubjectId
  readonly keyId: PluginKeyId | null
  readonly pluginId: PluginId
  readonly cut: (reason: string) => void
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
  const cut = (matches: (call: LiveCall) => boolean, reason: string) => {
    for (const call of open) if (matches(call)) call.cut(reason)
  }
  return {
    add: call => void open.add(call),
    remove: call => void open.delete(call),
    cutConnection: (orgId, id) => cut(call => call.orgId === orgId && call.id === id, 'disconnected'),
    cutSubject: (orgId, id) => cut(call => call.orgId === orgId && call.subjectId === id, 'suspended'),
    cutKey: (orgId, id) => cut(call => call.orgId === orgId && call.keyId === id, 'key revoked'),
    all: () => [...open],
  }
}
