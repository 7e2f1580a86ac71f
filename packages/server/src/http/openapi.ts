import { PROBLEMS, type ProblemCode, problem, ROUTES, type Route } from '@behalf/contract'
import { OpenAPIHono } from '@hono/zod-openapi'

const ALWAYS: readonly ProblemCode[] = [
  'invalid_request',
  'unauthenticated',
  'session_expired',
  'not_found',
  'forbidden',
  'store_unavailable',
]
const PROBLEM_TYPE = 'application/problem+json'

/** The OpenAPI 3.1 document of `/api/v1`, made of the contract's routes. */
export function openApiDocument(baseUrl: string): unknown {
  const registry = new OpenAPIHono()
  registry.openAPIRegistry.registerComponent('securitySchemes', 'api_key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: bhf_…',
  })
  registry.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-behalf_session',
    description: 'A browser session; unsafe methods also need a same-origin Origin and the Behalf-CSRF header.',
  })
  for (const [operationId, route] of Object.entries(ROUTES) as [string, Route][])
    registry.openAPIRegistry.registerPath(describe(operationId, route))
  return registry.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Behalf',
      version: '1',
      description: 'Connections to third-party systems, on behalf of people.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: `${baseUrl}/api/v1` }],
    security: [{ api_key: [] }, { session: [] }],
  })
}

type Registered = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]

function describe(operationId: string, route: Route): Registered {
  const { method, path, summary, params, query, body, answer, stream, status, versioned } = route
  const codes = [...new Set([...ALWAYS, ...route.problems])]
  const byStatus = Map.groupBy(codes, code => PROBLEMS[code][0])
  const media = method === 'patch' ? 'application/merge-patch+json' : 'application/json'
  return {
    operationId,
    method,
    path,
    summary,
    tags: [path.split('/')[1] ?? ''],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: { required: true, content: { [media]: { schema: body } } } }),
    },
    ...(versioned === true
      ? { parameters: [{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } }] }
      : {}),
    responses: {
      [status]: {
        description: 'Done',
        ...(answer === undefined ? {} : { content: { 'application/json': { schema: answer } } }),
        ...(stream === undefined ? {} : { content: { [stream]: { schema: { type: 'string' } } } }),
      },
      ...Object.fromEntries(
        [...byStatus].map(([problemStatus, its]) => [
          problemStatus,
          { description: its.join(', '), content: { [PROBLEM_TYPE]: { schema: problem } } },
        ]),
      ),
    },
  } as Registered
}
