import type { Connection, Connector } from '@behalf/sdk'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { Console } from './console.tsx'
import { Doctor } from './doctor.tsx'

const WORDS = CONNECTORS.test

/** The developer's own connection: connect, see what came back, end it. */
export function TestConnection({ connector }: { readonly connector: Connector }) {
  const { subject } = useMe()
  const query = useQuery({
    ...reading('listConnections', { connector: connector.name, subject: subject ?? undefined }),
    enabled: subject !== null,
  })
  // Consent happens in another tab: coming back from it, one wants to see what it brought.
  useEffect(() => {
    const look = () => void query.refetch()
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [query.refetch])
  return (
    <Stack gap="lg">
      <Text c="dimmed" maw="65ch">
        {WORDS.lead}
      </Text>
      <Loaded query={query} what={WORDS.what}>
        {({ items }) => (
          <>
            <Own connector={connector} connection={items.find(isLive)} />
            <Doctor connector={connector} />
            {items.some(isLive) && <Console connector={connector} />}
          </>
        )}
      </Loaded>
    </Stack>
  )
}

const isLive = ({ status }: Connection): boolean => status === 'connected' || status === 'reconnect_required'

function Own({
  connector,
  connection,
}: {
  readonly connector: Connector
  readonly connection: Connection | undefined
}) {
  const client = useQueryClient()
  const tell = useTell()
  const revoke = useMutation({
    mutationFn: (id: string) => behalf.deleteConnection({ connection: id }),
    onSuccess: async () => {
      tell(WORDS.revoked)
      await client.invalidateQueries({ queryKey: ['listConnections'] })
    },
  })
  const connect = `/connectors/${connector.name}/connect?return_to=${encodeURIComponent(`/studio/connectors/${connector.name}?tab=test`)}`
  const authorized = connection?.status === 'connected'
  return (
    <Paper withBorder p="lg" className="card">
      <Title order={2} mb="md">
        {WORDS.title}
      </Title>
      <dl className="fact">
        <dt>{WORDS.token}</dt>
        <dd>
          <State tone={authorized ? 'good' : 'warn'}>{authorized ? WORDS.authorized : WORDS.unauthorized}</State>
        </dd>
        {connection !== undefined && (
          <>
            <dt>{WORDS.account}</dt>
            <dd>{connection.account_label ?? '–'}</dd>
            <dt>{WORDS.expires}</dt>
            <dd>
              <When at={connection.access_token_expires_at} none={WORDS.noExpiry} />
            </dd>
            <dt>{WORDS.refresh}</dt>
            <dd>{connection.has_refresh_token ? WORDS.available : WORDS.notAvailable}</dd>
            <dt>{WORDS.scope}</dt>
            <dd>{(connection.granted_scope ?? connection.requested_scope).join(' ') || '–'}</dd>
          </>
        )}
      </dl>
      <Problem error={revoke.error} />
      <Group mt="lg">
        <Button component="a" href={connect}>
          {connection === undefined ? WORDS.generate : WORDS.generateAgain}
        </Button>
        {connection !== undefined && (
          <Button variant="default" disabled={revoke.isPending} onClick={() => revoke.mutate(connection.id)}>
            {revoke.isPending ? WORDS.revoking : WORDS.revoke}
          </Button>
        )}
      </Group>
    </Paper>
  )
}
