import type { HttpBindings } from '@hono/node-server'
import type { Principal } from '../domain/principal.ts'
import type { RequestContext } from '../domain/request-context.ts'

/** What the steps before a handler leave for it. */
export type EdgeEnv = {
  Bindings: Partial<HttpBindings>
  Variables: { context: RequestContext; baseUrl: string; requestId: string; principal: Principal | undefined }
}
