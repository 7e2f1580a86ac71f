import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { CONNECTORS as WORDS } from '../text/connectors.ts'
import { Connected } from './connected.tsx'
import { ConnectorVersions } from './connector-versions.tsx'
import { EditConnector } from './edit-connector.tsx'
import { Overview } from './overview.tsx'
import { TestConnection } from './test-connection.tsx'

export function ConnectorPage() {
  const { name = '' } = useParams({ strict: false })
  const { can } = useMe()
  const [{ tab = 'overview' }, change] = useFilters()
  const query = useQuery(reading('readConnector', { name }))
  const title = query.data?.display_name ?? name
  const approved = query.data?.approved
  return (
    <Page
      title={title}
      crumbs={[{ label: WORDS.title, to: '/connectors' }]}
      aside={
        approved !== undefined && (
          <State tone={approved ? 'good' : 'warn'}>{approved ? WORDS.approved : WORDS.notApproved}</State>
        )
      }
      wide
    >
      <Loaded query={query} what={WORDS.what}>
        {connector => (
          <Tabs
            value={tab}
            onChange={next => change({ tab: next === 'overview' ? undefined : (next ?? undefined) })}
            keepMounted={false}
          >
            <Tabs.List mb="lg" aria-label={WORDS.tabs.label}>
              <Tabs.Tab value="overview">{WORDS.tabs.overview}</Tabs.Tab>
              {can('connector.edit') && <Tabs.Tab value="edit">{WORDS.tabs.edit}</Tabs.Tab>}
              {can('connector.edit') && <Tabs.Tab value="test">{WORDS.tabs.test}</Tabs.Tab>}
              <Tabs.Tab value="versions">{WORDS.tabs.versions}</Tabs.Tab>
              {can('connection.read') && <Tabs.Tab value="people">{WORDS.tabs.people}</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="overview">
              <Overview connector={connector} />
            </Tabs.Panel>
            <Tabs.Panel value="edit">
              <EditConnector key={connector.id} connector={connector} />
            </Tabs.Panel>
            <Tabs.Panel value="test">
              <TestConnection connector={connector} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <ConnectorVersions connector={connector} />
            </Tabs.Panel>
            <Tabs.Panel value="people">
              <Connected connector={connector} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </Page>
  )
}
