import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CallEntry } from '../../domain/call-entry.ts'
import type { Organization } from '../../domain/organization.ts'
import { systemClock } from '../../platform/clock.ts'
import { createEntropy } from '../../platform/entropy.ts'
import { createReadCallLogs } from './read-call-logs.ts'

it('an export holds one page at a time, however many entries there are, and reads on only when it is read', async () => {
  const total = 100_000
  let pages = 0
  const callLog = {
    async list(_: unknown, __: unknown, { after, limit }: { readonly after: string | null; readonly limit: number }) {
      pages += 1
      const from = Number(after ?? 0)
      const items = Array.from({ length: limit }, (___, index) => ({ at: from + index }) as CallEntry)
      return { items, next: from + limit < total ? String(from + limit) : null }
    },
  }
  const ports = { callLog, audit: { add: async () => {} }, clock: systemClock, entropy: createEntropy(systemClock) }
  const { exportCallLogs } = createReadCallLogs(ports as unknown as Parameters<typeof createReadCallLogs>[0])
  const context = { organization: {} as Organization, requestId: 'req', address: null }
  let [read, ahead] = [0, 0]
  for await (const { at } of await exportCallLogs(context, 'system' as never, {})) {
    assert.equal(at, read)
    read += 1
    ahead = Math.max(ahead, pages * 200 - read)
  }
  assert.deepEqual([read, pages, ahead], [total, total / 200, 199])
})
