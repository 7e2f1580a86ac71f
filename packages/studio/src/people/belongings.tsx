import type { Connection, Session } from '@behalf/sdk'
import { Anchor, Button, Text, Title } from '@mantine/core'
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { SmallTable } from '../parts/small-table.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { PEOPLE as WORDS } from '../text/people.ts'
import { browserName } from './browser-name.ts'

type Columns<Row> = readonly { readonly title: string; readonly cell: (row: Row) => ReactNode }[]
type Ending<Row> = {
  /** The operation that lists what can be ended. */
  readonly listed: string
  readonly end: (id: string) => Promise<unknown>
  readonly action: string
  readonly busy: string
  readonly done: string
  /** What is asked first, where it has no way back. */
  readonly ask?: (row: Row) => {
    readonly name: string
    readonly title: string
    readonly text: string
    readonly action: string
  }
}

/** What a person has of one kind, each with its end where one may end it. */
function Belongings<Row extends { readonly id: string }>({
  title,
  what,
  none,
  query,
  columns,
  ending,
  mayEnd,
}: {
  readonly title: string
  readonly what: string
  readonly none: string
  readonly query: UseQueryResult<Row[]>
  readonly columns: Columns<Row>
  readonly ending: Ending<Row>
  readonly mayEnd: (row: Row) => boolean
}) {
  const client = useQueryClient()
  const tell = useTell()
  const [asking, setAsking] = useState<Row | null>(null)
  const asked = asking === null ? undefined : ending.ask?.(asking)
  const end = useMutation({
    mutationFn: ending.end,
    onSuccess: () => {
      setAsking(null)
      tell(ending.done)
    },
    onSettled: () => client.invalidateQueries({ queryKey: [ending.listed] }),
  })
  const button = (row: Row) =>
    mayEnd(row) && (
      <Button
        size="compact-sm"
        variant="default"
        disabled={end.isPending}
        onClick={() => (ending.ask === undefined ? end.mutate(row.id) : setAsking(row))}
      >
        {end.isPending && end.variables === row.id ? ending.busy : ending.action}
      </Button>
    )
  return (
    <section>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {asking === null && <Problem error={end.error} />}
      <Loaded query={query} what={what}>
        {rows =>
          rows.length === 0 ? (
            <Text c="dimmed">{none}</Text>
          ) : (
            <SmallTable rows={rows} columns={[...columns, { title: '', cell: button }]} />
          )
        }
      </Loaded>
      {asking !== null && asked !== undefined && (
        <ConfirmByName
          name={asked.name}
          title={asked.title}
          action={asked.action}
          busy={end.isPending && ending.busy}
          error={end.error}
          onConfirm={() => end.mutate(asking.id)}
          onClose={() => setAsking(null)}
        >
          <Text size="sm">{asked.text}</Text>
        </ConfirmByName>
      )}
    </section>
  )
}

const ENDS: ReadonlySet<string> = new Set(['connected', 'reconnect_required'])

/** What a person connected: labels and states, never tokens. */
export function Connections({ person }: { readonly person: string }) {
  const { can } = useMe()
  const query = useQuery(wholeList('listConnections', { subject: person }))
  const columns: Columns<Connection> = [
    {
      title: WORDS.connector,
      cell: ({ connector }) =>
        can('connector.read') ? (
          <Anchor component={Link} to={`/connectors/${connector}`}>
            {connector}
          </Anchor>
        ) : (
          connector
        ),
    },
    { title: WORDS.account, cell: ({ account_label }) => account_label ?? '–' },
    {
      title: WORDS.state,
      cell: ({ status }) => (
        <State tone={status === 'connected' ? 'good' : 'warn'}>{CONNECTORS.connectionStates[status] ?? status}</State>
      ),
    },
    { title: WORDS.used, cell: ({ last_used_at }) => <When at={last_used_at} /> },
  ]
  return (
    <Belongings
      title={WORDS.connections}
      what={WORDS.connectionsWhat}
      none={WORDS.noConnections}
      query={query}
      columns={columns}
      mayEnd={({ status }) => can('connection.disconnect') && ENDS.has(status)}
      ending={{
        listed: 'listConnections',
        end: connection => behalf.deleteConnection({ connection }),
        action: WORDS.disconnect,
        busy: WORDS.disconnecting,
        done: WORDS.disconnected,
        ask: ({ connector }) => ({
          name: connector,
          title: WORDS.disconnectTitle(connector),
          text: WORDS.disconnectText,
          action: WORDS.disconnectAction,
        }),
      }}
    />
  )
}

const SESSION_COLUMNS: Columns<Session> = [
  {
    title: WORDS.browser,
    cell: ({ user_agent, current }) => (
      <>
        <span title={user_agent ?? undefined}>{browserName(user_agent)}</span> {current && <b>({WORDS.this})</b>}
      </>
    ),
  },
  { title: WORDS.since, cell: ({ created_at }) => <When at={created_at} /> },
  { title: WORDS.lastSeen, cell: ({ last_seen_at }) => <When at={last_seen_at} /> },
]

/** Where a person is signed in. */
export function Sessions({ person }: { readonly person: string }) {
  return (
    <Belongings
      title={WORDS.sessions}
      what={WORDS.sessionsWhat}
      none={WORDS.noSessions}
      query={useQuery(wholeList('listSessions', { subject: person }))}
      columns={SESSION_COLUMNS}
      mayEnd={({ current }) => !current}
      ending={{
        listed: 'listSessions',
        end: id => behalf.endSession({ id }),
        action: WORDS.end,
        busy: WORDS.ending,
        done: WORDS.ended,
      }}
    />
  )
}
