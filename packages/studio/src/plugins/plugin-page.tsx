import { Group, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { PLUGINS as WORDS } from '../text/plugins.ts'
import { DebugWindows } from './debug-windows.tsx'
import { EditManifest } from './edit-manifest.tsx'
import { Launches } from './launches.tsx'
import { PluginKeys } from './plugin-keys.tsx'
import { RetirePlugin } from './retire-plugin.tsx'
import { Rights } from './rights.tsx'
import { TryIt } from './try-it.tsx'
import { Versions } from './versions.tsx'

export function PluginPage() {
  const { name = '' } = useParams({ strict: false })
  const { can } = useMe()
  const [{ tab = 'manifest' }, change] = useFilters()
  const query = useQuery(reading('readPlugin', { name }))
  const plugin = query.data
  return (
    <Page
      title={plugin?.display_name ?? name}
      crumbs={[{ label: WORDS.title, to: '/plugins' }]}
      aside={
        plugin !== undefined && (
          <State tone={plugin.published_version === null ? 'plain' : 'good'}>
            {plugin.published_version === null ? WORDS.draft : WORDS.versionOf(plugin.published_version)}
          </State>
        )
      }
      wide
    >
      <Loaded query={query} what={WORDS.what}>
        {found => (
          <Tabs
            value={tab}
            onChange={next => change({ tab: next === 'manifest' ? undefined : (next ?? undefined) })}
            keepMounted={false}
          >
            <Tabs.List mb="lg" aria-label={WORDS.tabs.label}>
              <Tabs.Tab value="manifest">{WORDS.tabs.manifest}</Tabs.Tab>
              <Tabs.Tab value="try">{WORDS.tabs.actions}</Tabs.Tab>
              <Tabs.Tab value="versions">{WORDS.tabs.versions}</Tabs.Tab>
              <Tabs.Tab value="launches">{WORDS.tabs.launches}</Tabs.Tab>
              <Tabs.Tab value="keys">{WORDS.tabs.keys}</Tabs.Tab>
              <Tabs.Tab value="rights">{WORDS.tabs.rights}</Tabs.Tab>
              {can('debug-window.ask') && <Tabs.Tab value="debug">{WORDS.tabs.debug}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="manifest">
              <EditManifest key={found.id} plugin={found} />
              {can('plugin.edit') && (
                <Group mt="xl">
                  <RetirePlugin plugin={found} />
                </Group>
              )}
            </Tabs.Panel>
            <Tabs.Panel value="try">
              <TryIt plugin={found} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <Versions plugin={found} />
            </Tabs.Panel>
            <Tabs.Panel value="launches">
              <Launches plugin={found} />
            </Tabs.Panel>
            <Tabs.Panel value="keys">
              <PluginKeys plugin={found} />
            </Tabs.Panel>
            <Tabs.Panel value="rights">
              <Rights key={found.version} plugin={found} />
            </Tabs.Panel>
            <Tabs.Panel value="debug">
              <DebugWindows plugin={found} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </Page>
  )
}
