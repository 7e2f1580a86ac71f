import type { AuditEvent } from './audit-event.ts'

/**
 * The bytes a link's HMAC covers: the link before, the place in the chain, and every field of the event as a JSON array in this order, with the
 * details' keys sorted.
 */
export function chainMessage(previous: Uint8Array, sequence: number, event: AuditEvent): Uint8Array {
  const { id, orgId, at, action, result, principal, onBehalfOf, target, address, requestId, details } = event
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1))
  const fields = [sequence, id, orgId, at, action, result, principal, onBehalfOf, target, address, requestId, sorted]
  const text = new TextEncoder().encode(JSON.stringify(fields))
  const message = new Uint8Array(previous.length + text.length)
  message.set(previous)
  message.set(text, previous.length)
  return message
}
