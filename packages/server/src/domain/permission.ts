import type { Capability, Role } from '@behalf/contract'

const BUILD: readonly Capability[] = [
  'connector.read',
  'connector.edit',
  'plugin.read',
  'plugin.edit',
  'plugin.launch',
  'connect-link.create',
  'debug-window.ask',
  'organization.read',
]
const AUDIT: readonly Capability[] = ['audit.read', 'usage.read', 'connection.read', 'person.read', 'organization.read']

const GRANTS: Record<Role, readonly Capability[]> = {
  developer: BUILD,
  log_viewer: ['call-log.read', 'organization.read'],
  auditor: AUDIT,
  admin: [
    ...BUILD,
    ...AUDIT,
    'call-log.read',
    'connector.approve',
    'plugin.grant',
    'plugin.launch-anyone',
    'debug-window.end',
    'webhook.read',
    'webhook.edit',
    'connection.disconnect',
    'person.edit',
    'session.read',
    'session.end',
    'api-key.read',
    'api-key.edit',
    'organization.edit',
  ],
}

/** The one place where a role becomes a right. */
export const may = (roles: readonly Role[], capability: Capability): boolean =>
  roles.some(role => GRANTS[role].includes(capability))

/** Everything that a set of roles allows, each once. */
export const capabilitiesOf = (roles: readonly Role[]): Capability[] => [
  ...new Set(roles.flatMap(role => GRANTS[role])),
]
