import { z } from 'zod'
import { connector, connectorDefinition, connectorPreview, connectorVersion, iconPut } from './connector/index.ts'
import { byName, type Route, route } from './route.ts'
import { page, pageQuery } from './wire.ts'

/** A connector's preview, former versions and icon. */
export const CONNECTOR_ROUTES = {
  previewConnectorDefinition: route({
    method: 'post',
    path: '/connectors/preview',
    summary: 'Show what a definition would send, without saving it',
    allows: 'connector.edit',
    body: connectorDefinition,
    answer: connectorPreview,
    status: 200,
    problems: ['connector_misconfigured'],
  }),
  previewConnector: route({
    method: 'get',
    path: '/connectors/{name}/preview',
    summary: 'Show what a connector sends',
    allows: 'connector.read',
    params: byName,
    answer: connectorPreview,
    status: 200,
    problems: ['connector_not_found', 'connector_misconfigured'],
  }),
  listConnectorVersions: route({
    method: 'get',
    path: '/connectors/{name}/versions',
    summary: 'List the versions of a connector, newest first',
    allows: 'connector.read',
    params: byName,
    query: pageQuery,
    answer: page(connectorVersion),
    status: 200,
    problems: ['connector_not_found', 'invalid_cursor'],
  }),
  restoreConnectorVersion: route({
    method: 'post',
    path: '/connectors/{name}/versions/{restored}/restore',
    summary: 'Make a former version the newest one',
    allows: 'connector.edit',
    params: byName.extend({ restored: z.coerce.number().int().min(1) }),
    answer: connector,
    status: 200,
    versioned: true,
    problems: ['connector_not_found', 'not_found', 'version_conflict', 'version_required'],
  }),
  putConnectorIcon: route({
    method: 'put',
    path: '/connectors/{name}/icon',
    summary: 'Upload an icon',
    allows: 'connector.edit',
    params: byName,
    body: iconPut,
    status: 204,
    problems: ['connector_not_found'],
  }),
  deleteConnectorIcon: route({
    method: 'delete',
    path: '/connectors/{name}/icon',
    summary: 'Remove an uploaded icon',
    allows: 'connector.edit',
    params: byName,
    status: 204,
    problems: ['connector_not_found'],
  }),
} as const satisfies Record<string, Route>
