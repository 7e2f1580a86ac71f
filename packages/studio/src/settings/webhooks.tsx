import type { Webhook } from '@behalf/sdk'
import { Accordion, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { NewKey } from '../parts/new-key.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { WEBHOOKS as WORDS } from '../text/webhooks.ts'
import { NewWebhook } from './new-webhook.tsx'
import { WebhookMessages } from './webhook-messages.tsx'

const TONES = { active: 'good', paused: 'plain', gone: 'bad' } as const

const nameOf = ({ description, url }: Webhook): string => description ?? url

export function Webhooks() {
  const { can } = useMe()
  const [asking, setAsking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const query = useQuery(wholeList('listWebhooks', {}))
  const make = can('webhook.edit') && <Button onClick={() => setAsking(true)}>{WORDS.new}</Button>
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed" maw="60ch">
          {WORDS.lead}
        </Text>
        {query.data?.length ? make : null}
      </Group>
      <Loaded query={query} what={WORDS.what}>
        {webhooks =>
          webhooks.length === 0 ? (
            <Empty title={WORDS.emptyTitle} text={WORDS.emptyText}>
              {make}
            </Empty>
          ) : (
            <Accordion multiple variant="separated" order={2}>
              {webhooks.map(webhook => (
                <Accordion.Item key={webhook.id} value={webhook.id}>
                  <Accordion.Control>
                    <Group gap="sm">
                      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                        {nameOf(webhook)}
                      </Text>
                      <State tone={TONES[webhook.status]}>{WORDS.states[webhook.status]}</State>
                    </Group>
                  </Accordion.Control>
                  <Accordion.Panel>
                    <One webhook={webhook} onSecret={setSecret} />
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          )
        }
      </Loaded>
      {asking && (
        <NewWebhook
          onClose={() => setAsking(false)}
          onMade={made => {
            setAsking(false)
            setSecret(made)
          }}
        />
      )}
      {secret !== null && <NewKey title={WORDS.secret} value={secret} onClose={() => setSecret(null)} />}
    </Stack>
  )
}

function One({ webhook, onSecret }: { readonly webhook: Webhook; readonly onSecret: (secret: string) => void }) {
  const { id, version, status } = webhook
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const [removing, setRemoving] = useState(false)
  const again = () => client.invalidateQueries({ queryKey: ['listWebhooks'] })
  const turn = useMutation({
    mutationFn: (next: 'active' | 'paused') => behalf.updateWebhook({ id, version, body: { status: next } }),
    onSuccess: (_, next) => tell(next === 'active' ? WORDS.started : WORDS.paused),
    onSettled: again,
  })
  const test = useMutation({
    mutationFn: () => behalf.testWebhook({ id }),
    onSuccess: ({ last_status }) => tell(WORDS.tested(last_status)),
    // An answer of 410 ends the webhook, too.
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['listWebhookDeliveries'] }), again()]),
  })
  const rotate = useMutation({
    mutationFn: () => behalf.rotateWebhookSecret({ id, body: {} }),
    onSuccess: async ({ secret }) => {
      onSecret(secret)
      await again()
    },
  })
  const remove = useMutation({
    mutationFn: () => behalf.deleteWebhook({ id }),
    onSuccess: async () => {
      setRemoving(false)
      tell(WORDS.removed)
      await again()
    },
  })
  return (
    <Stack gap="md">
      <dl className="fact">
        <dt>{WORDS.url}</dt>
        <dd>{webhook.url}</dd>
        <dt>{WORDS.events}</dt>
        <dd>{webhook.events.join(', ')}</dd>
      </dl>
      {can('webhook.edit') && (
        <Group gap="xs">
          <Button
            size="sm"
            variant="default"
            disabled={turn.isPending}
            onClick={() => turn.mutate(status === 'active' ? 'paused' : 'active')}
          >
            {status === 'active' ? WORDS.pause : WORDS.start}
          </Button>
          <Button size="sm" variant="default" disabled={test.isPending} onClick={() => test.mutate()}>
            {test.isPending ? WORDS.testing : WORDS.test}
          </Button>
          <Button size="sm" variant="default" disabled={rotate.isPending} onClick={() => rotate.mutate()}>
            {rotate.isPending ? WORDS.rotating : WORDS.rotate}
          </Button>
          <Button size="sm" variant="outline" color="red" onClick={() => setRemoving(true)}>
            {WORDS.remove}
          </Button>
        </Group>
      )}
      <Problem error={turn.error ?? test.error ?? rotate.error} />
      <WebhookMessages webhook={webhook} />
      {removing && (
        <ConfirmByName
          name={nameOf(webhook)}
          title={WORDS.removeTitle}
          action={WORDS.removeAction}
          busy={remove.isPending && WORDS.removing}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          <Text size="sm">{WORDS.removeText}</Text>
        </ConfirmByName>
      )}
    </Stack>
  )
}
