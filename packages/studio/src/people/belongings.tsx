import { Anchor, Button, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { PARTS } from '../text/parts.ts'
import { PEOPLE as WORDS } from '../text/people.ts'

const ENDS: ReadonlySet<string> = new Set(['connected', 'reconnect_required'])

/** What a person connected: labels and states, never tokens. */
export function Connections({ person }: { readonly person: string }) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const query = useQuery(wholeList('listConnections', { subject: person }))
  const end = useMutation({
    mutationFn: (connection: string) => behalf.deleteConnection({ connection }),
    onSuccess: () => tell(WORDS.disconnected),
    onSettled: () => client.invalidateQueries({ queryKey: ['listConnections'] }),
  })
  return (
    <section>
      <Title order={2} mb="sm">
        {WORDS.connections}
      </Title>
      <Problem error={end.error} />
      <Loaded query={query} what={WORDS.connectionsWhat}>
        {connections =>
          connections.length === 0 ? (
            <Text c="dimmed">{WORDS.noConnections}</Text>
          ) : (
            <Table.ScrollContainer minWidth={500}>
              <Table withTableBorder bg="var(--studio-card)">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{WORDS.connector}</Table.Th>
                    <Table.Th>{WORDS.account}</Table.Th>
                    <Table.Th>{WORDS.state}</Table.Th>
                    <Table.Th>{WORDS.used}</Table.Th>
                    <Table.Th>
                      <span className="unseen">{PARTS.actions}</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {connections.map(connection => (
                    <Table.Tr key={connection.id}>
                      <Table.Td>
                        {can('connector.read') ? (
                          <Anchor component={Link} to={`/connectors/${connection.connector}`}>
                            {connection.connector}
                          </Anchor>
                        ) : (
                          connection.connector
                        )}
                      </Table.Td>
                      <Table.Td>{connection.account_label ?? '–'}</Table.Td>
                      <Table.Td>
                        <State tone={connection.status === 'connected' ? 'good' : 'warn'}>
                          {CONNECTORS.connectionStates[connection.status] ?? connection.status}
                        </State>
                      </Table.Td>
                      <Table.Td>
                        <When at={connection.last_used_at} />
                      </Table.Td>
                      <Table.Td>
                        {can('connection.disconnect') && ENDS.has(connection.status) && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            disabled={end.isPending}
                            onClick={() => end.mutate(connection.id)}
                          >
                            {end.isPending && end.variables === connection.id ? WORDS.disconnecting : WORDS.disconnect}
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </section>
  )
}

/** Where a person is signed in. */
export function Sessions({ person }: { readonly person: string }) {
  const client = useQueryClient()
  const tell = useTell()
  const query = useQuery(wholeList('listSessions', { subject: person }))
  const end = useMutation({
    mutationFn: (id: string) => behalf.endSession({ id }),
    onSuccess: () => tell(WORDS.ended),
    onSettled: () => client.invalidateQueries({ queryKey: ['listSessions'] }),
  })
  return (
    <section>
      <Title order={2} mb="sm">
        {WORDS.sessions}
      </Title>
      <Problem error={end.error} />
      <Loaded query={query} what={WORDS.sessionsWhat}>
        {sessions =>
          sessions.length === 0 ? (
            <Text c="dimmed">{WORDS.noSessions}</Text>
          ) : (
            <Table.ScrollContainer minWidth={500}>
              <Table withTableBorder bg="var(--studio-card)">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{WORDS.browser}</Table.Th>
                    <Table.Th>{WORDS.since}</Table.Th>
                    <Table.Th>{WORDS.lastSeen}</Table.Th>
                    <Table.Th>
                      <span className="unseen">{PARTS.actions}</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {sessions.map(session => (
                    <Table.Tr key={session.id}>
                      <Table.Td>
                        {session.user_agent ?? '–'} {session.current && <b>({WORDS.this})</b>}
                      </Table.Td>
                      <Table.Td>
                        <When at={session.created_at} />
                      </Table.Td>
                      <Table.Td>
                        <When at={session.last_seen_at} />
                      </Table.Td>
                      <Table.Td>
                        {!session.current && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            disabled={end.isPending}
                            onClick={() => end.mutate(session.id)}
                          >
                            {end.isPending && end.variables === session.id ? WORDS.ending : WORDS.end}
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </section>
  )
}
