import type { Webhook } from '@behalf/sdk'
import { Button, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { SmallTable } from '../parts/small-table.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { WEBHOOKS as WORDS } from '../text/webhooks.ts'

const TONES = { pending: 'warn', delivered: 'good', dead: 'bad' } as const

/** What still waits is looked at again. */
const AGAIN_MS = 2_000

/** What was sent to a webhook; what was never taken can be sent again. */
export function WebhookMessages({ webhook }: { readonly webhook: Webhook }) {
  const { id } = webhook
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const [which, setWhich] = useState<'dead' | 'all'>('dead')
  const query = useQuery({
    ...reading('listWebhookDeliveries', { id, limit: 50, status: which === 'dead' ? 'dead' : undefined }),
    refetchInterval: ({ state }) => state.data?.items.some(({ status }) => status === 'pending') && AGAIN_MS,
  })
  const replay = useMutation({
    mutationFn: (delivery: string) => behalf.replayWebhookDelivery({ id, delivery }),
    onSuccess: () => tell(WORDS.replayed),
    onSettled: () =>
      Promise.all(['listWebhookDeliveries', 'listWebhooks'].map(key => client.invalidateQueries({ queryKey: [key] }))),
  })
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        aria-label={WORDS.messages}
        value={which}
        onChange={value => setWhich(value === 'dead' ? 'dead' : 'all')}
        data={[
          { value: 'dead', label: WORDS.dead },
          { value: 'all', label: WORDS.all },
        ]}
      />
      <Problem error={replay.error} />
      <Loaded query={query} what={WORDS.deliveriesWhat}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {which === 'dead' ? WORDS.noneDead : WORDS.none}
            </Text>
          ) : (
            <SmallTable
              rows={items}
              minWidth={520}
              columns={[
                { title: WORDS.type, cell: ({ type }) => type },
                {
                  title: WORDS.state,
                  cell: ({ status }) => <State tone={TONES[status]}>{WORDS.deliveryStates[status]}</State>,
                },
                { title: WORDS.attempts, cell: ({ attempts }) => attempts },
                {
                  title: WORDS.last,
                  cell: ({ last_status, last_error }) => last_status ?? last_error ?? WORDS.noAnswer,
                },
                { title: WORDS.made, cell: ({ created_at }) => <When at={created_at} /> },
                {
                  title: '',
                  cell: message =>
                    can('webhook.edit') && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        disabled={replay.isPending}
                        onClick={() => replay.mutate(message.id)}
                      >
                        {replay.isPending && replay.variables === message.id ? WORDS.replaying : WORDS.replay}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Stack>
  )
}
