import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { PARTS } from '../text/parts.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

/** Asks for the name before something that cannot be undone. */
export function ConfirmByName({
  name,
  title,
  children,
  action,
  busy,
  ready = true,
  error,
  onConfirm,
  onClose,
}: {
  readonly name: string
  readonly title: string
  readonly children: ReactNode
  readonly action: string
  readonly busy: string | false
  /** False while something else it asks is not answered. */
  readonly ready?: boolean
  readonly error?: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const fits = ready && typed.trim() === name
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (fits && busy === false) onConfirm()
        }}
      >
        <Stack gap="md">
          {children}
          <TextInput
            label={PARTS.typeName(name)}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" color="red" disabled={!fits || busy !== false}>
              {busy === false ? action : busy}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
