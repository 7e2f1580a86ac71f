import { type OperationId, ROUTES, type Route } from '@behalf/contract'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { BrokerError } from '../../domain/broker-error.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { parseJson, readText, singleQuery } from '../json-body.ts'
import { authenticate } from '../principal.ts'
import { isSameOrigin, provenanceOf } from '../same-origin.ts'
import { createPluginHandlers } from './plugin-handlers.ts'
import { type Asked, createRestHandlers, type RestHandlers } from './rest-handlers.ts'

const JSON_TYPES = ['application/json'] as const
const PATCH_TYPES = ['application/merge-patch+json', 'application/json'] as const
const NO_QUERY = z.object({})
const ANY_OBJECT = z.record(z.string(), z.unknown())
const NOT_FOUND: Readonly<Record<string, 'connection_not_found' | 'not_found'>> = { connection: 'connection_not_found' }

/** Registers every route of the contract under `/api/v1`; the steps of a REST request stand in `answer`, in their order. */
export function registerRest(app: Hono<EdgeEnv>, flows: Flows): void {
  const handlers: RestHandlers = { ...createRestHandlers(flows), ...createPluginHandlers(flows) }
  for (const [operation, route] of Object.entries(ROUTES) as [OperationId, Route][]) {
    const path = `/api/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`
    app.on(route.method.toUpperCase(), path, c => answer(c, operation, route))
  }

  async function answer(c: Context<EdgeEnv>, operation: OperationId, route: Route): Promise<Response> {
    const principal = await authenticate(c, flows, route)
    await allow(c, principal, operation, route)
    await refuseForgery(c, principal)
    const { params, query } = parseAddress(c, route)
    const text = await readText(c.req.raw, route.mostBytes)
    const body = parseBody(c, route, text)
    const version = readVersion(c, route)
    const context = c.get('context')
    const request = c.req.raw
    const asked = { context, principal, params, query, body, version, request } as unknown as Asked<typeof operation>
    const handle = handlers[operation] as (asked: unknown) => Promise<unknown>
    // What a run answers is the provider's, and is not kept here.
    if (c.req.method === 'POST' && route.speaks !== true && c.req.header('idempotency-key') !== undefined)
      return once(c, principal, route, text, () => handle(asked))
    const answered = await handle(asked)
    return route.stream === undefined
      ? respond(route, answered)
      : streamed(route.stream, answered as AsyncIterable<string>)
  }

  /** Who has a capability passes; everyone passes for what is theirs; people without any role find nothing here at all. */
  async function allow(c: Context<EdgeEnv>, principal: Principal, operation: OperationId, route: Route): Promise<void> {
    if (may(principal.roles, route.allows)) return
    if (route.own === true && principal.kind === 'session') return
    if (route.speaks === true && principal.kind === 'plugin_key') return
    const error = new BrokerError(principal.roles.length === 0 ? 'not_found' : 'forbidden')
    await flows.noteRefusal(c.get('context'), principal, operation, error)
    throw error
  }

  async function refuseForgery(c: Context<EdgeEnv>, principal: Principal): Promise<void> {
    if (principal.kind !== 'session' || c.req.method === 'GET' || c.req.method === 'HEAD') return
    const token = c.req.header('behalf-csrf')
    if (
      isSameOrigin(provenanceOf(c.req.raw.headers), c.get('baseUrl')) &&
      (await flows.checkCsrfToken(c.get('context'), principal, token))
    )
      return
    throw new BrokerError('csrf_rejected')
  }

  async function once(
    c: Context<EdgeEnv>,
    principal: Principal,
    route: Route,
    body: string,
    handle: () => Promise<unknown>,
  ): Promise<Response> {
    const key = c.req.header('idempotency-key') ?? ''
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      throw new BrokerError('invalid_request', { detail: 'Idempotency-Key is 1 to 200 visible characters.' })
    const request = { key, method: c.req.method, path: c.req.path, body }
    const kept = await flows.keepAnswer(c.get('context'), principal, request, async () => {
      const made = respond(route, await handle())
      return { status: made.status, body: await made.text() }
    })
    return toResponse(kept.status, kept.body)
  }
}

function parseAddress(c: Context<EdgeEnv>, route: Route): { params: unknown; query: unknown } {
  const params = route.params?.safeParse(c.req.param())
  if (params?.success === false) {
    const name = String(params.error.issues[0]?.path[0] ?? '')
    if (route.path.startsWith('/connectors/')) throw new BrokerError('connector_not_found')
    if (route.path.startsWith('/plugins/') && name === 'name') throw new BrokerError('plugin_not_found')
    throw new BrokerError(NOT_FOUND[name] ?? 'not_found')
  }
  const given = singleQuery(new URL(c.req.url))
  return {
    params: params?.data,
    query: parseWhole((route.query ?? NO_QUERY).strict(), given, 'The query is not valid.'),
  }
}

function parseBody(c: Context<EdgeEnv>, route: Route, text: string): unknown {
  if (route.body === undefined) {
    if (text !== '' && text !== '{}') throw new BrokerError('invalid_request', { detail: 'This takes no body.' })
    return undefined
  }
  const json = parseJson(
    text,
    c.req.header('content-type') ?? null,
    route.method === 'patch' ? PATCH_TYPES : JSON_TYPES,
  )
  return parseWhole(route.judged === 'in_flow' ? ANY_OBJECT : route.body, json)
}

/** RFC 9110 13.1.1: an update names the version it read. */
function readVersion(c: Context<EdgeEnv>, route: Route): number {
  if (route.versioned !== true) return 0
  const match = c.req.header('if-match')
  if (match === undefined) throw new BrokerError('version_required')
  const version = /^"?(\d{1,15})"?$/.exec(match.trim())?.[1]
  if (version === undefined) throw new BrokerError('version_conflict')
  return Number(version)
}

function respond(route: Route, answered: unknown): Response {
  if (answered === undefined) return new Response(null, { status: 204 })
  return toResponse(route.status, JSON.stringify(answered))
}

function streamed(type: string, lines: AsyncIterable<string>): Response {
  const body = ReadableStream.from(lines).pipeThrough(new TextEncoderStream())
  return new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } })
}

function toResponse(status: number, body: string): Response {
  if (body === '') return new Response(null, { status })
  const version = (JSON.parse(body) as { version?: unknown }).version
  const etag = typeof version === 'number' ? { etag: `"${version}"` } : {}
  return new Response(body, { status, headers: { 'content-type': 'application/json; charset=utf-8', ...etag } })
}
