import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Waiting } from './parts/waiting.tsx'
import { Broken, NotFound, SignedIn } from './shell/edges.tsx'
import { Frame } from './shell/frame.tsx'
import { SHELL } from './text/shell.ts'

type Search = Readonly<Record<string, string>>

/** A search of plain texts: filters live in the address, so that every view can be sent to somebody. */
const texts = (given: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )

const root = createRootRoute({
  component: () => (
    <Suspense fallback={<Waiting what={SHELL.whoWhat} />}>
      <Frame />
    </Suspense>
  ),
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: texts,
})
/** A page that its code is brought for when it is opened, and what one must be allowed to do there. */
const at = <const Path extends string>(path: Path, needs: string, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component, staticData: { needs } })

const routes = [
  at(
    '/',
    'organization.read',
    lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
  ),
  at(
    '/connectors',
    'connector.read',
    lazyRouteComponent(() => import('./connectors/connectors-page.tsx'), 'ConnectorsPage'),
  ),
  at(
    '/connectors/new',
    'connector.edit',
    lazyRouteComponent(() => import('./connectors/new-connector-page.tsx'), 'NewConnectorPage'),
  ),
  at(
    '/connectors/$name',
    'connector.read',
    lazyRouteComponent(() => import('./connectors/connector-page.tsx'), 'ConnectorPage'),
  ),
  at(
    '/plugins',
    'plugin.read',
    lazyRouteComponent(() => import('./plugins/plugins-page.tsx'), 'PluginsPage'),
  ),
  at(
    '/plugins/new',
    'plugin.edit',
    lazyRouteComponent(() => import('./plugins/new-plugin-page.tsx'), 'NewPluginPage'),
  ),
  at(
    '/plugins/$name',
    'plugin.read',
    lazyRouteComponent(() => import('./plugins/plugin-page.tsx'), 'PluginPage'),
  ),
  at(
    '/people',
    'person.read',
    lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
  ),
  at(
    '/people/import',
    'person.edit',
    lazyRouteComponent(() => import('./people/import-page.tsx'), 'ImportPage'),
  ),
  at(
    '/people/imported',
    'person.read',
    lazyRouteComponent(() => import('./people/imported-page.tsx'), 'ImportedPage'),
  ),
  at(
    '/people/$id',
    'person.read',
    lazyRouteComponent(() => import('./people/person-page.tsx'), 'PersonPage'),
  ),
  at(
    '/audit',
    'audit.read',
    lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
  ),
  at(
    '/logs',
    'call-log.read',
    lazyRouteComponent(() => import('./logs/logs-page.tsx'), 'LogsPage'),
  ),
  at(
    '/settings/$section',
    'organization.edit',
    lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
  ),
  createRoute({ getParentRoute: () => root, path: '/signed-in', component: SignedIn }),
]

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/studio',
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultPendingComponent: () => <Waiting what={SHELL.pageWhat} />,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
  parseSearch: text => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: search => {
    const text = new URLSearchParams(texts(search)).toString()
    return text === '' ? '' : `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** The capability without which the page is not shown. */
    readonly needs?: string
  }
}
