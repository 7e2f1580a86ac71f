import { z } from 'zod'
import { connectionId, subjectId } from './ids.ts'
import { type Route, route } from './route.ts'
import { instant, name, page, pageQuery } from './wire.ts'

const use = { connection: connectionId, connector: name, plugin: name, subject: subjectId }
const count = { calls: z.int(), failures: z.int() }

export const usage = z
  .object({
    ...use,
    ...count,
    first_used_at: instant,
    last_used_at: instant,
    /** When the person saw that the plugin had begun to use the connection. */
    seen_at: instant.nullable(),
  })
  .meta({ id: 'Usage' })

/** One day, UTC. */
export const usageDay = z.object({ day: z.iso.date(), ...use, ...count }).meta({ id: 'UsageDay' })

const filter = { subject: subjectId.optional(), connection: connectionId.optional(), plugin: name.optional() }
/** 30 days back where it is left out. */
const from = z.iso.date().optional()

/** Which plugin used which connection when and how often; never with what. */
export const USAGE_ROUTES = {
  listUsage: route({
    method: 'get',
    path: '/usage',
    summary: 'List which plugin uses which connection',
    allows: 'usage.read',
    own: true,
    query: pageQuery.extend(filter),
    answer: page(usage),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  listUsageDays: route({
    method: 'get',
    path: '/usage/days',
    summary: 'List usage by day, the oldest first',
    allows: 'usage.read',
    own: true,
    query: pageQuery.extend({ ...filter, from }),
    answer: page(usageDay),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  exportUsage: route({
    method: 'get',
    path: '/usage/export',
    summary: 'Export usage by day as CSV',
    allows: 'usage.read',
    own: true,
    query: z.object({ ...filter, from }),
    stream: 'text/csv',
    status: 200,
    problems: [],
  }),
  seeUsage: route({
    method: 'post',
    path: '/connections/{connection}/seen',
    summary: 'Note that the person has seen which plugins use a connection of theirs',
    allows: 'usage.read',
    own: true,
    params: z.object({ connection: connectionId }),
    status: 204,
    problems: ['connection_not_found'],
  }),
} as const satisfies Record<string, Route>
