import { z } from 'zod'
import { type Route, route } from './route.ts'
import { name } from './wire.ts'

/** What needs somebody; a part is null for who may not read it. */
export const attention = z
  .object({
    /** How connectors do since yesterday began (UTC), those that fail first; one that was not called and does not fail is not among them. */
    connectors: z
      .array(
        z.object({
          name,
          calls: z.int(),
          failures: z.int(),
          /** Connections that could not be renewed because the provider does not accept the connector's client. */
          rejected: z.int(),
          /** The last health call failed. */
          unwell: z.boolean(),
          /** The client is not accepted, the last health call failed, or of five calls or more half failed. */
          failing: z.boolean(),
        }),
      )
      .nullable(),
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
