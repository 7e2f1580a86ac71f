import type { JobLeaseStore } from '../ports/job-lease-store.ts'
import { applied, type Engine, statement } from './engine.ts'

export function createJobLeaseStore(engine: Engine): JobLeaseStore {
  const { build } = engine
  return {
    async hold(orgId, job, holder, leaseMs) {
      const { era, nowMs } = await engine.leaseClock()
      const held = build.selectFrom('job_leases').selectAll().where('org_id', '=', orgId).where('job', '=', job)
      const [row] = await engine.read(held)
      if (row !== undefined && row.holder !== holder && row.boot === era && row.deadline > nowMs) return false
      const values = { holder, boot: era, deadline: nowMs + leaseMs }
      const query =
        row === undefined
          ? build
              .insertInto('job_leases')
              .values({ org_id: orgId, job, ...values })
              .onConflict(conflict => conflict.doNothing())
          : build
              .updateTable('job_leases')
              .set(values)
              .where('org_id', '=', orgId)
              .where('job', '=', job)
              .where('holder', '=', row.holder)
              .where('deadline', '=', row.deadline)
      return applied(engine.write([statement(query, 1)]))
    },
  }
}
