import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { PARTS } from '../text/parts.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

/** Asks before something that has consequences; the way back has the focus. */
export function Ask({
  title,
  text,
  action,
  doing,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string
  readonly text: string
  readonly action: string
  /** How it goes, where it is done while the question stands: what is said meanwhile, and what went wrong. */
  readonly doing?: { readonly error: unknown; readonly isPending: boolean; readonly busy: string }
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children?: ReactNode
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack>
        <Text size="sm">{text}</Text>
        {children}
        <Problem error={doing?.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {PARTS.cancel}
          </Button>
          <Button color="red" disabled={doing?.isPending ?? false} onClick={onConfirm}>
            {doing?.isPending ? doing.busy : action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
