import type { WebhookCreate } from '@behalf/sdk'
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { urlFault } from '../form/check.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { PARTS } from '../text/parts.ts'
import { WEBHOOKS as WORDS } from '../text/webhooks.ts'

type Event = NonNullable<WebhookCreate['events']>[number]
const EVENTS: readonly Event[] = [
  'connection.created',
  'connection.reconnect_required',
  'connection.recovered',
  'connection.scopes_changed',
  'connection.disconnected',
  'connection.revocation',
  'connection.first_used',
  'launch.started',
  'launch.ended',
  'run.waiting',
  'run.resumed',
  'run.ended',
]

/** Registers a webhook; its secret is handed on once. */
export function NewWebhook({
  onClose,
  onMade,
}: {
  readonly onClose: () => void
  readonly onMade: (secret: string) => void
}) {
  const client = useQueryClient()
  const [url, setUrl] = useState('')
  const [description, setDescription] = useState('')
  const [events, setEvents] = useState<readonly Event[]>(EVENTS)
  const make = useMutation({
    mutationFn: () =>
      behalf.createWebhook({
        body: { url, description: description.trim() || null, events: [...events, 'webhook.test'] },
      }),
    onSuccess: async ({ secret }) => {
      await client.invalidateQueries({ queryKey: ['listWebhooks'] })
      onMade(secret)
    },
  })
  return (
    <Dialog title={WORDS.new} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={WORDS.url}
            description={`${WORDS.urlHelp} ${FORM.example('https://hooks.example.com/behalf')}`}
            required
            data-autofocus
            value={url}
            error={urlFault(url)}
            onChange={event => setUrl(event.currentTarget.value)}
          />
          <TextInput
            label={WORDS.description}
            value={description}
            onChange={event => setDescription(event.currentTarget.value)}
          />
          <Checkbox.Group label={WORDS.events} value={[...events]} onChange={next => setEvents(next as Event[])}>
            <Stack gap="xs" mt="xs">
              {EVENTS.map(name => (
                <Checkbox key={name} value={name} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Problem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" disabled={url === '' || urlFault(url) !== undefined || make.isPending}>
              {make.isPending ? WORDS.creating : WORDS.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
