import { z } from 'zod'
import type { ProblemCode } from './problem.ts'
import { name } from './wire.ts'

/** What a principal must be allowed to do; `domain/permission.ts` says which role may. */
export type Capability =
  | 'connector.read'
  | 'connector.edit'
  | 'connector.approve'
  | 'plugin.read'
  | 'plugin.edit'
  | 'plugin.grant'
  | 'plugin.launch'
  | 'plugin.run'
  | 'plugin.launch-anyone'
  | 'connection.read'
  | 'connection.disconnect'
  | 'connect-link.create'
  | 'call-log.read'
  | 'webhook.read'
  | 'webhook.edit'
  | 'debug-window.ask'
  | 'debug-window.end'
  | 'audit.read'
  | 'usage.read'
  | 'person.read'
  | 'person.edit'
  | 'session.read'
  | 'session.end'
  | 'api-key.read'
  | 'api-key.edit'
  | 'organization.read'
  | 'organization.edit'

/** One REST endpoint as data. `allows` names the capability; `own` marks what everyone may do to what is theirs. */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  readonly path: `/${string}`
  readonly summary: string
  readonly allows: Capability
  readonly own?: true
  /** Plugin keys may call it, for the person they name as at the gateway. */
  readonly speaks?: true
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Of the body, where it may be larger than others. */
  readonly mostBytes?: number
  /** A flow judges the body: which of its forms it has shows only there. */
  readonly judged?: 'in_flow'
  readonly answer?: z.ZodType
  /** The media type of an answer that is streamed, where it is no JSON document. */
  readonly stream?: 'application/x-ndjson' | 'text/csv'
  readonly status: 200 | 201 | 202 | 204
  /** Updates that need `If-Match`. */
  readonly versioned?: true
  readonly problems: readonly ProblemCode[]
}

export const byName = z.object({ name })
export const route = <const R extends Route>(definition: R): R => definition
