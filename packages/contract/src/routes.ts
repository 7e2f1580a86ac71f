import { ATTENTION_ROUTES } from './attention.ts'
import { CALL_LOG_ROUTES } from './call-log.ts'
import { CATALOGUE_ROUTES } from './catalogue-routes.ts'
import { CHECK_ROUTES } from './check.ts'
import { CONNECTOR_ROUTES } from './connector-routes.ts'
import { DEBUG_WINDOW_ROUTES } from './debug-window.ts'
import { PEOPLE_ROUTES } from './people-routes.ts'
import { PLUGIN_ROUTES } from './plugin-routes.ts'
import { SSO_ROUTES } from './sso.ts'
import { SYSTEM_ROUTES } from './system-routes.ts'
import { USAGE_ROUTES } from './usage.ts'
import { WEBHOOK_ROUTES } from './webhook.ts'

/** All REST endpoints under `/api/v1`, keyed by operation id. */
export const ROUTES = {
  ...CONNECTOR_ROUTES,
  ...SYSTEM_ROUTES,
  ...ATTENTION_ROUTES,
  ...SSO_ROUTES,
  ...PLUGIN_ROUTES,
  ...PEOPLE_ROUTES,
  ...CALL_LOG_ROUTES,
  ...DEBUG_WINDOW_ROUTES,
  ...USAGE_ROUTES,
  ...WEBHOOK_ROUTES,
  ...CATALOGUE_ROUTES,
  ...CHECK_ROUTES,
} as const

export type OperationId = keyof typeof ROUTES
