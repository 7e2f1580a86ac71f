import { z } from 'zod'
import { agree } from './agreement.ts'
import { discovered } from './endpoints.ts'
import { auth, connectorFields } from './form.ts'

/** A whole connector definition: what create takes, and what a merge patch (RFC 7396) must leave behind. */
export const connectorDefinition = z.strictObject(connectorFields).superRefine(agree)
export type ConnectorDefinition = z.infer<typeof connectorDefinition>
export type ConnectorAuth = ConnectorDefinition['auth']

/** A definition as it is kept: without secrets, with what discovery said when it was saved. */
export const storedConnectorDefinition = z.strictObject({
  ...connectorFields,
  auth: auth.omit({ client_secret: true, secrets: true }).extend({ discovered: discovered.optional() }),
})
export type StoredConnectorDefinition = z.infer<typeof storedConnectorDefinition>
