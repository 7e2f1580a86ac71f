import { z } from 'zod'
import { type Route, route } from './route.ts'
import { name } from './wire.ts'

/** What needs somebody; a part is null for who may not read it. */
export const attention = z
  .object({
    connections: z
      .object({
        reconnect_required: z.int(),
        /** Revocations that are being retried. */
        disconnecting: z.int(),
        disconnected_unconfirmed: z.int(),
      })
      .nullable(),
    /** Grants that end within seven days unless their person consents again, by connector; counted up to 1,000. */
    lapsing: z.array(z.object({ connector: name, connections: z.int() })).nullable(),
    /** Plugins with a live launch that is strict although less was asked for. */
    turned_strict: z.array(name).nullable(),
  })
  .meta({ id: 'Attention' })

export const ATTENTION_ROUTES = {
  readAttention: route({
    method: 'get',
    path: '/attention',
    summary: 'Read what needs somebody',
    allows: 'organization.read',
    answer: attention,
    status: 200,
    problems: [],
  }),
} as const satisfies Record<string, Route>
