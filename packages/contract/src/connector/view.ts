import { z } from 'zod'
import { connectorId } from '../ids.ts'
import { instant, name } from '../wire.ts'
import { agree } from './agreement.ts'
import { storedConnectorDefinition } from './definition.ts'
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
      secrets: z.object({
        previous_client_secret: secretState,
        private_key: secretState,
        tls_client_key: secretState,
        variables: z.record(z.string(), secretState),
      }),
      discovered: discovered.optional(),
    }),
    /** Register exactly this at the third party. */
    callback_url: z.string(),
    /** An `iss` that arrived although no issuer is configured, offered for pinning (RFC 9207). */
    observed_issuer: z.string().nullable(),
    /** What came of the last health call that Behalf made by itself, for `health.interval_s`; null where none was due yet. */
    health_state: z
      .object({
        at: instant,
        /** `not_made` where nobody who builds was connected. */
        result: z.enum(['passed', 'failed', 'not_made']),
        /** The HTTP status, or the problem's code where there was no answer. */
        answered: z.string().nullable(),
      })
      .nullable(),
    approved: z.boolean(),
    approved_hosts: z.array(z.string()),
    hosts: z.array(z.string()),
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Connector' })
/** One version of a connector: its definition as it was, without secrets. */
export const connectorVersion = z
  .object({ version: z.int(), updated_at: instant, current: z.boolean(), definition: storedConnectorDefinition })
  .meta({ id: 'ConnectorVersion' })

/** What a connector sends, by the code that sends it: secrets by name in square brackets. */
export const connectorPreview = z
  .object({
    /** Register exactly this at the third party. */
    callback_url: z.string(),
    requests: z.array(
      z.object({
        purpose: z.string(),
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ConnectorPreview' })

export const iconPut = z
  .strictObject({ media_type: z.enum(['image/png', 'image/svg+xml']), data: z.base64().max(90_000) })
  .meta({ id: 'ConnectorIcon' })

export type ConnectorView = z.infer<typeof connector>
