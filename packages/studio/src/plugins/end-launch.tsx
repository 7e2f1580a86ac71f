import type { Launch, Plugin } from '@behalf/sdk'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { PARTS } from '../text/parts.ts'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.launches

/** Ends one launch, with the reason that the history keeps. */
export function EndLaunch({
  plugin,
  launch,
  onClose,
}: {
  readonly plugin: Plugin
  readonly launch: Launch
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const tell = useTell()
  const end = useMutation({
    mutationFn: () => behalf.endLaunch({ name: plugin.name, launch: launch.id, reason }),
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: ['listLaunches'] })
      tell(WORDS.endedDone)
    },
  })
  return (
    <Dialog title={WORDS.endTitle} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          end.mutate()
        }}
      >
        <Stack>
          <Text size="sm">{WORDS.endText}</Text>
          <TextInput
            label={WORDS.reason}
            description={WORDS.reasonHelp}
            required
            data-autofocus
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <Problem error={end.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" color="red" disabled={reason.trim() === '' || end.isPending}>
              {end.isPending ? WORDS.ending : WORDS.endAction}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
