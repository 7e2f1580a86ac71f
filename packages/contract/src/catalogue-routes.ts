import { catalogueQuery, presetSummary, presetView } from './catalogue.ts'
import { byName, type Route, route } from './route.ts'
import { page } from './wire.ts'

/** What is known of providers. */
export const CATALOGUE_ROUTES = {
  listPresets: route({
    method: 'get',
    path: '/catalogue',
    summary: 'List the providers of the catalogue',
    allows: 'connector.read',
    query: catalogueQuery,
    answer: page(presetSummary),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  readPreset: route({
    method: 'get',
    path: '/catalogue/{name}',
    summary: 'Read a provider of the catalogue: its definition, the sources of each block, and what is left to fill in',
    allows: 'connector.read',
    params: byName,
    answer: presetView,
    status: 200,
    problems: ['not_found'],
  }),
} as const satisfies Record<string, Route>
