import { CALL_LOG_ROUTES } from './call-log.ts'
import { PEOPLE_ROUTES } from './people-routes.ts'
import { SYSTEM_ROUTES } from './system-routes.ts'

/** All REST endpoints under `/api/v1`, keyed by operation id. */
export const ROUTES = { ...SYSTEM_ROUTES, ...PEOPLE_ROUTES, ...CALL_LOG_ROUTES } as const

export type OperationId = keyof typeof ROUTES
