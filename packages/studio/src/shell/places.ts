import { SHELL } from '../text/shell.ts'
import type { IconName } from './icons.tsx'

export type Place = {
  readonly to: string
  readonly label: string
  readonly icon: IconName
  /** Any of these is enough. */
  readonly needs: readonly string[]
  readonly group: 'home' | 'build' | 'watch' | 'run'
}

/** The pages that navigation and palette lead to, each with what one must be allowed to do there. */
export const PLACES: readonly Place[] = [
  { to: '/', label: SHELL.home, icon: 'home', needs: ['organization.read'], group: 'home' },
  { to: '/connectors', label: SHELL.connectors, icon: 'connectors', needs: ['connector.read'], group: 'build' },
  { to: '/plugins', label: SHELL.plugins, icon: 'plugins', needs: ['plugin.read'], group: 'build' },
  { to: '/logs', label: SHELL.logs, icon: 'logs', needs: ['call-log.read'], group: 'watch' },
  { to: '/audit', label: SHELL.audit, icon: 'audit', needs: ['audit.read'], group: 'watch' },
  { to: '/people', label: SHELL.people, icon: 'people', needs: ['person.read'], group: 'run' },
  { to: '/settings/organization', label: SHELL.settings, icon: 'settings', needs: ['organization.edit'], group: 'run' },
]
