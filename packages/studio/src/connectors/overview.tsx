import type { Connector } from '@behalf/sdk'
import { Alert, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { Copy } from '../parts/copy.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS as WORDS } from '../text/connectors.ts'
import { ConnectorIcon } from './connector-icon.tsx'

export function Overview({ connector }: { readonly connector: Connector }) {
  const { can } = useMe()
  const { facts } = WORDS
  const who = connector.open_to_all ? facts.everyone : connector.approved ? facts.launched : facts.author
  const { auth } = connector
  const revokes = auth.revoke_url !== undefined || auth.revocation !== undefined
  return (
    <Stack gap="lg">
      {!connector.approved && <Approval connector={connector} />}
      {connector.observed_issuer !== null && auth.issuer === undefined && can('connector.edit') && (
        <PinIssuer connector={connector} issuer={connector.observed_issuer} />
      )}
      {connector.display_description !== null && <Text maw="65ch">{connector.display_description}</Text>}
      <dl className="fact">
        <dt>{facts.callback}</dt>
        <dd>
          <Copy value={connector.callback_url} what={facts.callback} />
        </dd>
        <dt>{facts.baseUrl}</dt>
        <dd>{connector.base_url}</dd>
        <dt>{facts.hosts}</dt>
        <dd>{connector.hosts.join(', ')}</dd>
        <dt>{facts.scope}</dt>
        <dd>{auth.scope.join(' ') || '–'}</dd>
        <dt>{facts.openToAll}</dt>
        <dd>{who}</dd>
        <dt>{facts.revocation}</dt>
        <dd>{revokes ? facts.revokes : facts.revokesNot}</dd>
        <Health connector={connector} />
        <dt>{WORDS.version}</dt>
        <dd>
          {connector.version}, {WORDS.savedAt} <When at={connector.updated_at} />
        </dd>
      </dl>
      {can('connector.edit') && <ConnectorIcon connector={connector} />}
      {can('connector.edit') && <Retire connector={connector} />}
    </Stack>
  )
}

const TONES = { passed: 'good', failed: 'bad', not_made: 'warn' } as const

/** What came of the health calls that Behalf makes by itself, where the connector names an interval. */
function Health({ connector: { health, health_state: state } }: { readonly connector: Connector }) {
  const { facts } = WORDS
  if (health?.interval_s === undefined) return null
  return (
    <>
      <dt>{facts.health}</dt>
      <dd>
        {state === null ? (
          facts.healthDue
        ) : (
          <State tone={TONES[state.result]}>
            <span>
              {facts.healthResult[state.result](state.answered ?? '')}, <When at={state.at} />
            </span>
          </State>
        )}
      </dd>
    </>
  )
}

function Approval({ connector }: { readonly connector: Connector }) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const approve = useMutation({
    mutationFn: () => behalf.approveConnector({ name: connector.name }),
    onSuccess: async now => {
      client.setQueryData(keyOf('readConnector', { name: now.name }), now)
      await client.invalidateQueries({ queryKey: ['listConnectors'] })
      tell(WORDS.approve.done(now.display_name))
    },
  })
  const fresh = connector.hosts.filter(host => !connector.approved_hosts.includes(host))
  return (
    <Alert color="warn" title={WORDS.approve.title} role="note">
      <Stack gap="sm">
        <Text size="sm">{can('connector.approve') ? WORDS.approve.text : WORDS.approve.needed}</Text>
        <List size="sm">
          {connector.hosts.map(host => (
            <List.Item key={host}>
              <code>{host}</code>{' '}
              {connector.approved_hosts.length > 0 && fresh.includes(host) && (
                <Badge color="warn" size="sm">
                  {WORDS.approve.newHosts}
                </Badge>
              )}
            </List.Item>
          ))}
        </List>
        <Problem error={approve.error} />
        {can('connector.approve') && (
          <Group>
            <Button onClick={() => approve.mutate()} disabled={approve.isPending}>
              {approve.isPending ? WORDS.approve.busy : WORDS.approve.action}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}

function PinIssuer({ connector, issuer }: { readonly connector: Connector; readonly issuer: string }) {
  const client = useQueryClient()
  const pin = useMutation({
    mutationFn: () =>
      behalf.updateConnector({ name: connector.name, version: connector.version, body: { auth: { issuer } } }),
    onSuccess: now => client.setQueryData(keyOf('readConnector', { name: now.name }), now),
  })
  return (
    <Alert color="accent" variant="light" role="note">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{WORDS.facts.issuerSeen(issuer)}</Text>
        <Problem error={pin.error} />
        <Button size="xs" onClick={() => pin.mutate()} disabled={pin.isPending}>
          {pin.isPending ? WORDS.facts.pinning : WORDS.facts.pin}
        </Button>
      </Stack>
    </Alert>
  )
}

function Retire({ connector }: { readonly connector: Connector }) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const navigate = useNavigate()
  const tell = useTell()
  const retire = useMutation({
    mutationFn: () => behalf.deleteConnector({ name: connector.name }),
    onSuccess: async () => {
      tell(WORDS.retire.done(connector.display_name))
      await navigate({ to: '/connectors' })
      client.removeQueries({ queryKey: keyOf('readConnector', { name: connector.name }) })
      await client.invalidateQueries({ queryKey: ['listConnectors'] })
    },
  })
  return (
    <section>
      <Title order={2} mb="xs">
        {WORDS.retire.action}
      </Title>
      <Text size="sm" c="dimmed" maw="65ch" mb="sm">
        {WORDS.retire.text}
      </Text>
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        {WORDS.retire.open}
      </Button>
      {asking && (
        <ConfirmByName
          name={connector.name}
          title={WORDS.retire.title(connector.display_name)}
          action={WORDS.retire.action}
          busy={retire.isPending && WORDS.retire.busy}
          error={retire.error}
          onConfirm={() => retire.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">{WORDS.retire.text}</Text>
        </ConfirmByName>
      )}
    </section>
  )
}
