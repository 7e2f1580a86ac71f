import { z } from 'zod'
import { connectorId } from '../ids.ts'
import { instant, name } from '../wire.ts'
import { agree } from './agreement.ts'
import { discovered } from './endpoints.ts'
import { auth, connectorFields } from './form.ts'

export const connectorCreate = z
  .strictObject({ ...connectorFields, approve: z.boolean().default(false) })
  .superRefine(agree)
  .meta({ id: 'ConnectorCreate' })

/** RFC 7396: null removes. The result of the merge is validated as a whole definition. */
export const connectorPatch = z.record(z.string(), z.json()).meta({ id: 'ConnectorPatch' })

const secretState = z.object({ set: z.boolean(), updated_at: instant.nullable() })

export const connector = z
  .object({
    ...connectorFields,
    id: connectorId,
    name,
    display_name: z.string(),
    display_description: z.string().nullable(),
    auth: auth.omit({ client_secret: true, secrets: true }).extend({
      client_secret: secretState,
      discovered: discovered.optional(),
    }),
    /** Register exactly this at the third party. */
    callback_url: z.string(),
    /** An `iss` that arrived although no issuer is configured, offered for pinning (RFC 9207). */
    observed_issuer: z.string().nullable(),
    approved: z.boolean(),
    approved_hosts: z.array(z.string()),
    hosts: z.array(z.string()),
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Connector' })
export type ConnectorView = z.infer<typeof connector>
