import { Button, Group, Stack, Text } from '@mantine/core'
import { PARTS } from '../text/parts.ts'
import { SETTINGS } from '../text/settings.ts'
import { Copy } from './copy.tsx'
import { Dialog } from './dialog.tsx'

/** A key in the only moment that it can be seen. */
export function NewKey({
  value,
  onClose,
  title = SETTINGS.keys.made,
}: {
  readonly value: string
  readonly onClose: () => void
  readonly title?: string
}) {
  return (
    <Dialog title={title} onClose={onClose} held>
      <Stack>
        <Text size="sm">{PARTS.secretOnce}</Text>
        <Copy value={value} what={title} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {SETTINGS.keys.done}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
