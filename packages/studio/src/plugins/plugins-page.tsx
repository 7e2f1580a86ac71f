import type { Plugin } from '@behalf/sdk'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Named } from '../parts/named.tsx'
import { Page } from '../parts/page.tsx'
import { SearchedTable } from '../parts/searched-table.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { PLUGINS as WORDS } from '../text/plugins.ts'

export function PluginsPage() {
  const { can } = useMe()
  const query = useQuery(wholeList('listPlugins', {}))
  const create = can('plugin.edit') && (
    <Button component={Link} to="/plugins/new">
      {WORDS.new}
    </Button>
  )
  return (
    <Page title={WORDS.title} lead={WORDS.lead} actions={query.data?.length ? create : undefined} wide>
      <Loaded query={query} what={WORDS.what}>
        {plugins =>
          plugins.length === 0 ? (
            <Empty title={WORDS.emptyTitle} text={WORDS.emptyText}>
              {create}
            </Empty>
          ) : (
            <Listed plugins={plugins} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Listed({ plugins }: { readonly plugins: readonly Plugin[] }) {
  const navigate = useNavigate()
  return (
    <SearchedTable
      label={WORDS.title}
      search={WORDS.search}
      count={WORDS.count}
      rows={plugins}
      textOf={({ name, display_name, connectors }) =>
        `${name} ${display_name} ${connectors.map(({ connector }) => connector).join(' ')}`
      }
      columns={COLUMNS}
      onOpen={({ name }) => void navigate({ to: `/plugins/${name}` })}
    />
  )
}

const COLUMNS: readonly Column<Plugin>[] = [
  {
    title: WORDS.name,
    width: 'minmax(12rem, 2fr)',
    cell: ({ name, display_name }) => <Named to={`/plugins/${name}`} name={display_name} second={name} />,
  },
  {
    title: WORDS.uses,
    width: 'minmax(10rem, 2fr)',
    minor: true,
    cell: ({ connectors }) => (
      <span className="one-line">{connectors.map(({ connector }) => connector).join(', ') || '–'}</span>
    ),
  },
  {
    title: WORDS.published,
    width: 'minmax(8rem, 1fr)',
    cell: ({ published_version: version }) =>
      version === null ? (
        <State tone="plain">{WORDS.draft}</State>
      ) : (
        <State tone="good">{WORDS.versionOf(version)}</State>
      ),
  },
  { title: WORDS.changed, width: '9rem', minor: 'named', cell: ({ updated_at }) => <When at={updated_at} /> },
]
