import type { Plugin } from '@behalf/sdk'
import { Anchor, Button, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Initial } from '../parts/initial.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { When } from '../parts/when.tsx'
import { PARTS } from '../text/parts.ts'
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
  const [{ q = '' }, change] = useFilters()
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const found = plugins.filter(({ name, display_name, connectors }) =>
    words.every(word =>
      `${name} ${display_name} ${connectors.map(({ connector }) => connector).join(' ')}`.toLowerCase().includes(word),
    ),
  )
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          type="search"
          aria-label={WORDS.search}
          placeholder={WORDS.search}
          value={q}
          onChange={event => change({ q: event.currentTarget.value || undefined })}
          w="min(24rem, 100%)"
        />
        <Text size="sm" c="dimmed" role="status">
          {found.length === plugins.length
            ? PARTS.count(found.length, false, WORDS.count)
            : PARTS.filtered(found.length, plugins.length)}
        </Text>
      </Group>
      {found.length === 0 ? (
        <Empty title={PARTS.nothingMatches} text={PARTS.nothingMatchesText} />
      ) : (
        <DataTable
          label={WORDS.title}
          rows={found}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          onOpen={({ name }) => void navigate({ to: `/plugins/${name}` })}
        />
      )}
    </>
  )
}

const COLUMNS: readonly Column<Plugin>[] = [
  {
    title: WORDS.name,
    width: 'minmax(12rem, 2fr)',
    cell: ({ name, display_name }) => (
      <Group gap="sm" wrap="nowrap">
        <Initial name={display_name} />
        <div className="cell-text">
          <Anchor component={Link} to={`/plugins/${name}`} className="one-line" fw={600} c="var(--mantine-color-text)">
            {display_name}
          </Anchor>
          {display_name !== name && <small className="dim one-line">{name}</small>}
        </div>
      </Group>
    ),
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
  { title: WORDS.changed, width: '9rem', minor: true, cell: ({ updated_at }) => <When at={updated_at} /> },
]
