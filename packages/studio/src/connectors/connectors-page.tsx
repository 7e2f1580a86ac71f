import type { Attention, Connector } from '@behalf/sdk'
import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Named } from '../parts/named.tsx'
import { Page } from '../parts/page.tsx'
import { SearchedTable } from '../parts/searched-table.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { When } from '../parts/when.tsx'
import { CONNECTORS as WORDS } from '../text/connectors.ts'

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

type Health = NonNullable<Attention['connectors']>[number]

function Listed({ connectors }: { readonly connectors: readonly Connector[] }) {
  const navigate = useNavigate()
  const [{ state = 'all' }, change] = useFilters()
  const standing = useQuery(reading('readAttention', {}))
  const health = new Map(standing.data?.connectors?.map(each => [each.name, each]))
  const fits: Readonly<Record<string, (connector: Connector) => boolean>> = {
    waiting: ({ approved }) => !approved,
    failing: ({ name }) => health.get(name)?.failing ?? false,
  }
  return (
    <SearchedTable
      label={WORDS.title}
      search={WORDS.search}
      count={WORDS.count}
      rows={connectors}
      textOf={({ name, display_name, hosts }) => `${name} ${display_name} ${hosts.join(' ')}`}
      fits={fits[state] ?? (() => true)}
      filterNames={['state']}
      filters={
        <SegmentedControl
          aria-label={WORDS.state}
          value={state}
          onChange={value => change({ state: value === 'all' ? undefined : value })}
          data={[
            { value: 'all', label: WORDS.filterAll },
            { value: 'waiting', label: WORDS.filterWaiting },
            { value: 'failing', label: WORDS.filterFailing },
          ]}
        />
      }
      columns={columns(standing.isPending ? undefined : health)}
      onOpen={({ name }) => void navigate({ to: `/connectors/${name}` })}
    />
  )
}

const columns = (health: ReadonlyMap<string, Health> | undefined): readonly Column<Connector>[] => [
  {
    title: WORDS.system,
    width: 'minmax(12rem, 2fr)',
    cell: ({ name, display_name }) => <Named to={`/connectors/${name}`} name={display_name} second={name} />,
  },
  {
    title: WORDS.state,
    width: 'minmax(10rem, 1fr)',
    cell: ({ approved }) =>
      approved ? <State tone="good">{WORDS.approved}</State> : <State tone="warn">{WORDS.notApproved}</State>,
  },
  {
    title: WORDS.health.title,
    width: 'minmax(11rem, 1fr)',
    minor: 'named',
    cell: ({ name }) => <HealthState health={health} name={name} />,
  },
  {
    title: WORDS.hosts,
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ hosts }) => <span className="one-line">{hosts.join(', ')}</span>,
  },
  { title: WORDS.version, width: '5rem', minor: 'named', cell: ({ version }) => version },
  { title: WORDS.changed, width: '9rem', minor: 'named', cell: ({ updated_at }) => <When at={updated_at} /> },
]

function HealthState({
  health,
  name,
}: {
  readonly health: ReadonlyMap<string, Health> | undefined
  readonly name: string
}) {
  if (health === undefined) return <span className="dim">{WORDS.health.reading}</span>
  const found = health.get(name)
  if (found === undefined) return <span className="dim">{WORDS.health.none}</span>
  const { calls, failures, rejected, unwell, failing } = found
  const words =
    rejected > 0 ? WORDS.health.rejected : unwell ? WORDS.health.unwell : WORDS.health.calls(calls, failures)
  return <State tone={failing ? 'bad' : 'good'}>{words}</State>
}
