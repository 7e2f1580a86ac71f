import type { Connection, Connector } from '@behalf/sdk'
import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.people
const ENDS: ReadonlySet<string> = new Set(['connected', 'reconnect_required'])

/** Who is connected, as which account; and the way to disconnect all of them. */
export function Connected({ connector }: { readonly connector: Connector }) {
  const { can } = useMe()
  const query = useQuery(wholeList('listConnections', { connector: connector.name }))
  return (
    <>
      <Text c="dimmed" mb="md" maw="65ch">
        {WORDS.lead}
      </Text>
      <Loaded query={query} what={WORDS.what}>
        {connections =>
          connections.length === 0 ? (
            <Empty title={WORDS.empty} text={WORDS.emptyText} />
          ) : (
            <>
              <DataTable label={CONNECTORS.tabs.people} rows={connections} keyOf={({ id }) => id} columns={COLUMNS} />
              {can('connection.disconnect') && (
                <DisconnectAll connector={connector} live={connections.filter(({ status }) => ENDS.has(status))} />
              )}
            </>
          )
        }
      </Loaded>
    </>
  )
}

const tone = (status: string) => (status === 'connected' ? 'good' : status === 'revoked' ? 'plain' : ('warn' as const))

const COLUMNS: readonly Column<Connection>[] = [
  { title: WORDS.person, width: 'minmax(10rem, 2fr)', cell: ({ subject }) => <PersonName id={subject} /> },
  {
    title: WORDS.account,
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ account_label }) => <span className="one-line">{account_label ?? '–'}</span>,
  },
  {
    title: WORDS.state,
    width: 'minmax(9rem, 1fr)',
    cell: ({ status }) => <State tone={tone(status)}>{CONNECTORS.connectionStates[status] ?? status}</State>,
  },
  { title: WORDS.since, width: '9rem', minor: 'named', cell: ({ connected_at }) => <When at={connected_at} /> },
  { title: WORDS.used, width: '9rem', minor: 'named', cell: ({ last_used_at }) => <When at={last_used_at} /> },
]

function DisconnectAll({ connector, live }: { readonly connector: Connector; readonly live: readonly Connection[] }) {
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState(0)
  const client = useQueryClient()
  const tell = useTell()
  const all = useMutation({
    mutationFn: async () => {
      setDone(0)
      for (const { id } of live) {
        await behalf.deleteConnection({ connection: id })
        setDone(count => count + 1)
      }
    },
    onSuccess: () => {
      setAsking(false)
      tell(WORDS.disconnected(live.length))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['listConnections'] }),
  })
  if (live.length === 0) return null
  return (
    <Group mt="lg">
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        {WORDS.disconnectAll}
      </Button>
      {asking && (
        <ConfirmByName
          name={connector.name}
          title={WORDS.disconnectAllTitle(connector.display_name)}
          action={WORDS.disconnectAllAction}
          busy={all.isPending && WORDS.disconnecting(done, live.length)}
          error={all.error}
          onConfirm={() => all.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">{WORDS.disconnectAllText(live.length)}</Text>
        </ConfirmByName>
      )}
    </Group>
  )
}
