import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMetrics } from './metrics.ts'

describe('metrics', () => {
  it('hold at each reading all that was counted until then, once', async () => {
    const metrics = createMetrics({ droppedCalls: () => 3, openCalls: () => 2 })
    for (let call = 0; call < 1_300; call += 1) {
      metrics.count('gateway_calls', call < 1_000 ? 'provider' : 'behalf')
      metrics.observe('gateway_seconds', 0.25)
    }
    const first = await metrics.text()
    assert.match(first, /^behalf_gateway_calls_total\{outcome="provider"\} 1000$/m)
    assert.match(first, /^behalf_gateway_calls_total\{outcome="behalf"\} 300$/m)
    assert.match(first, /^behalf_gateway_seconds_count 1300$/m)
    assert.match(first, /^behalf_gateway_seconds_sum 325$/m)
    assert.match(first, /^behalf_gateway_seconds_bucket\{le="0.1"\} 0$/m)
    assert.match(first, /^behalf_call_log_dropped 3$/m)
    assert.match(first, /^behalf_open_calls 2$/m)
    metrics.count('gateway_calls', 'behalf')
    const second = await metrics.text()
    assert.match(second, /^behalf_gateway_calls_total\{outcome="behalf"\} 301$/m)
    assert.match(second, /^behalf_gateway_seconds_count 1300$/m)
  })
})
