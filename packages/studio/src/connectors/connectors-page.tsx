import type { Connector } from '@behalf/sdk'
import { Anchor, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
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
import { CONNECTORS as WORDS } from '../text/connectors.ts'
import { PARTS } from '../text/parts.ts'

export function ConnectorsPage() {
  const { can } = useMe()
  const query = useQuery(wholeList('listConnectors', {}))
  const create = can('connector.edit') && (
    <Button component={Link} to="/connectors/new">
      {WORDS.new}
    </Button>
  )
  return (
    <Page title={WORDS.title} lead={WORDS.lead} actions={query.data?.length ? create : undefined} wide>
      <Loaded query={query} what={WORDS.what}>
        {connectors =>
          connectors.length === 0 ? (
            <Empty title={WORDS.emptyTitle} text={WORDS.emptyText}>
              {create}
            </Empty>
          ) : (
            <Listed connectors={connectors} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Listed({ connectors }: { readonly connectors: readonly Connector[] }) {
  const navigate = useNavigate()
  const [{ q = '', state = 'all' }, change] = useFilters()
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const found = connectors.filter(
    ({ name, display_name, hosts, approved }) =>
      (state === 'all' || !approved) &&
      words.every(word => `${name} ${display_name} ${hosts.join(' ')}`.toLowerCase().includes(word)),
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
        <SegmentedControl
          aria-label={WORDS.state}
          value={state}
          onChange={value => change({ state: value === 'all' ? undefined : value })}
          data={[
            { value: 'all', label: WORDS.filterAll },
            { value: 'waiting', label: WORDS.filterWaiting },
          ]}
        />
        <Text size="sm" c="dimmed" role="status">
          {found.length === connectors.length
            ? PARTS.count(found.length, false, WORDS.count)
            : PARTS.filtered(found.length, connectors.length)}
        </Text>
      </Group>
      {found.length === 0 ? (
        <Empty title={PARTS.nothingMatches} text={PARTS.nothingMatchesText}>
          <Button variant="default" onClick={() => change({ q: undefined, state: undefined })}>
            {PARTS.clearFilters}
          </Button>
        </Empty>
      ) : (
        <DataTable
          label={WORDS.title}
          rows={found}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          onOpen={({ name }) => void navigate({ to: `/connectors/${name}` })}
        />
      )}
    </>
  )
}

const COLUMNS: readonly Column<Connector>[] = [
  {
    title: WORDS.system,
    width: 'minmax(12rem, 2fr)',
    cell: ({ name, display_name }) => (
      <Group gap="sm" wrap="nowrap">
        <Initial name={display_name} />
        <div className="cell-text">
          <Anchor
            component={Link}
            to={`/connectors/${name}`}
            className="one-line"
            fw={600}
            c="var(--mantine-color-text)"
          >
            {display_name}
          </Anchor>
          {display_name !== name && <small className="dim one-line">{name}</small>}
        </div>
      </Group>
    ),
  },
  {
    title: WORDS.state,
    width: 'minmax(10rem, 1fr)',
    cell: ({ approved }) =>
      approved ? <State tone="good">{WORDS.approved}</State> : <State tone="warn">{WORDS.notApproved}</State>,
  },
  {
    title: WORDS.hosts,
    width: 'minmax(10rem, 2fr)',
    minor: true,
    cell: ({ hosts }) => <span className="one-line">{hosts.join(', ')}</span>,
  },
  { title: WORDS.version, width: '5rem', minor: true, cell: ({ version }) => version },
  { title: WORDS.changed, width: '9rem', minor: true, cell: ({ updated_at }) => <When at={updated_at} /> },
]
