import { PROBLEMS, type ProblemCode } from '@behalf/contract'
import type { Hono } from 'hono'
import { BrokerError } from '../../domain/broker-error.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { openApiDocument } from '../openapi.ts'
import { problemPage } from '../pages/problem-page.ts'
import { referencePage } from '../pages/reference-page.ts'

/** The OpenAPI document, the reference page and a page for each problem, all from our own origin. */
export function registerDocs(app: Hono<EdgeEnv>): void {
  app.get('/api/v1/openapi.json', c => c.json(openApiDocument(c.get('baseUrl')) as object))
  app.get('/api/docs', c => c.html(referencePage({ baseUrl: c.get('baseUrl') })))
  app.get('/api/docs/problems/:code', c => {
    const code = c.req.param('code')
    if (!Object.hasOwn(PROBLEMS, code)) throw new BrokerError('not_found')
    return c.html(problemPage(code as ProblemCode))
  })
}
