import { z } from 'zod'
import { clientAuthenticationMethod } from './connector/index.ts'
import { byName, type Route, route } from './route.ts'
import { instant, name } from './wire.ts'

/** What the doctor looks at, in its order. */
export const CHECKS = [
  'discovery',
  'reachability',
  'client_authentication',
  'redirect_uri',
  'pkce',
  'refresh_token',
  'revocation',
  'health',
] as const

const checkResult = z.object({
  check: z.enum(CHECKS),
  /** What exactly: an endpoint, or a client authentication method. */
  subject: z.string(),
  outcome: z.enum(['passed', 'failed', 'warning', 'skipped']),
  /** What was sent, secrets by name; null where nothing was. */
  sent: z.string().nullable(),
  /** What came back, in the provider's own words where it has any: one line, bounded. */
  answered: z.string().nullable(),
  /** What to change; null where nothing needs to be. */
  advice: z.string().nullable(),
})

export const connectorCheckAsked = z
  .strictObject({
    /** Methods to try besides the one that is configured, each with one request that holds a made-up code. */
    client_authentication: z
      .array(clientAuthenticationMethod)
      .max(4)
      .refine(methods => new Set(methods).size === methods.length, 'a method twice')
      .default([]),
    /** What a person would answer before connecting; what depends on an answer that is not here is left out. */
    variables: z.record(z.string().max(40), z.string().max(500)).default({}),
  })
  .meta({ id: 'ConnectorCheckAsked' })
export type ConnectorCheckAsked = z.infer<typeof connectorCheckAsked>

export const connectorCheck = z
  .object({
    connector: name,
    checked_at: instant,
    /** Whether no check failed; warnings do not count. */
    passed: z.boolean(),
    results: z.array(checkResult),
  })
  .meta({ id: 'ConnectorCheck' })

export const CHECK_ROUTES = {
  checkConnector: route({
    method: 'post',
    path: '/connectors/{name}/check',
    summary: 'Check a connector against its provider; nothing is changed there',
    allows: 'connector.edit',
    params: byName,
    body: connectorCheckAsked,
    answer: connectorCheck,
    status: 200,
    problems: ['connector_not_found', 'rate_limited'],
  }),
} as const satisfies Record<string, Route>
