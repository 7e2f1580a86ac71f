import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditAction, StoredAuditEvent } from './audit-event.ts'
import { type Attempt, afterAttempt, type Delivery } from './webhook.ts'
import { toWebhookEvent, webhookBody } from './webhook-event.ts'

const delivery = { status: 'pending', attempts: 0, nextAttemptAt: 0 } as Delivery
const failed: Attempt = { status: 503, retryAfterMs: null, error: null }

describe('a delivery', () => {
  it('is tried ten times over about three days, later and later, and given up', () => {
    let [at, next] = [0, delivery]
    const waits: number[] = []
    while (next.status === 'pending') {
      next = afterAttempt(next, failed, at, 0.5)
      if (next.status === 'pending') waits.push(next.nextAttemptAt - at)
      at = next.nextAttemptAt
    }
    assert.equal(next.attempts, 10)
    assert.deepEqual(
      waits,
      waits.toSorted((a, b) => a - b),
    )
    assert.ok(at > 2.5 * 86_400_000 && at < 4 * 86_400_000)
  })

  it('waits longer where the receiver asks for it, and ends at once where it is gone', () => {
    assert.equal(afterAttempt(delivery, { ...failed, retryAfterMs: 60_000 }, 0, 0).nextAttemptAt, 60_000)
    assert.equal(afterAttempt(delivery, { ...failed, retryAfterMs: 1e12 }, 0, 0).nextAttemptAt, 86_400_000)
    assert.equal(afterAttempt(delivery, { ...failed, status: 410 }, 0, 0).status, 'dead')
    assert.equal(afterAttempt(delivery, { ...failed, status: 201 }, 0, 0).status, 'delivered')
    assert.equal(afterAttempt(delivery, { status: null, retryAfterMs: null, error: 'x' }, 0, 0).status, 'pending')
  })
})

describe('what webhooks are told of a fact', () => {
  const fact = (action: AuditAction, details: StoredAuditEvent['details']): StoredAuditEvent => ({
    id: 'aud_1' as StoredAuditEvent['id'],
    orgId: 'org_1' as StoredAuditEvent['orgId'],
    at: 0,
    action,
    result: 'done',
    principal: 'sub_x',
    onBehalfOf: null,
    target: 'con_1',
    address: '192.0.2.1',
    requestId: 'req_1',
    details,
    sequence: 1,
    mac: null,
  })
  const told = (action: AuditAction, details: StoredAuditEvent['details']) =>
    toWebhookEvent(fact(action, details))?.type

  it('is what changed for the connection', () => {
    const same = { scope: ['a', 'b'], scope_before: ['b', 'a'] }
    assert.equal(told('connect.completed', { scope: ['a'], scope_before: [], before: null }), 'connection.created')
    assert.equal(told('connect.completed', { ...same, before: 'revoked' }), 'connection.created')
    assert.equal(told('connect.completed', { ...same, before: 'reconnect_required' }), 'connection.recovered')
    assert.equal(told('connect.completed', { ...same, before: 'connected' }), undefined)
    assert.equal(
      told('connect.completed', { scope: ['a'], scope_before: ['a', 'b'], before: 'connected' }),
      'connection.scopes_changed',
    )
    assert.equal(told('token.refreshed', { token_version: 2 }), undefined)
    assert.equal(told('token.refreshed', { scope: ['a'] }), 'connection.scopes_changed')
    assert.equal(told('token.refresh_failed', { reason: 'timeout' }), undefined)
    assert.equal(told('token.refresh_failed', { status: 'reconnect_required' }), 'connection.reconnect_required')
    assert.equal(told('connection.revoked', { outcome: 'revoked' }), 'connection.revocation')
    assert.equal(told('connection.unconfirmed', { outcome: 'pending' }), undefined)
    assert.equal(told('connection.unconfirmed', { outcome: 'gave_up' }), 'connection.revocation')
    assert.equal(told('gateway.called', {}), undefined)
  })

  it('holds what leads on and nothing else of the fact', () => {
    const event = toWebhookEvent(fact('connect.completed', { scope: ['a'], before: null, access_token_hash: 'abcdef' }))
    assert.ok(event)
    const body = webhookBody(event)
    assert.deepEqual(JSON.parse(body), {
      type: 'connection.created',
      timestamp: '1970-01-01T00:00:00.000Z',
      data: { scope: ['a'] },
    })
    const odd = toWebhookEvent(fact('token.refresh_failed', { status: 'reconnect_required', reason: 'Dear Una, …' }))
    assert.deepEqual(odd?.data, { reason: null })
  })
})
