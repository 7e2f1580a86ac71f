import { Button, Fieldset, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'

type Props = {
  /** How the saving goes. */
  readonly saving: { readonly error: unknown; readonly isPending: boolean }
  readonly onSave: () => void
  /** Nothing to save, or not in this state. */
  readonly disabled?: boolean
  /** Names a form that stands among others on its page. */
  readonly legend?: string
  readonly help?: string
  /** What the button says; `Save` by itself. */
  readonly words?: { readonly action: string; readonly busy: string }
  readonly children: ReactNode
}

/** A form with one button: its fields, what went wrong, and whether it is being saved. */
export function SaveForm({ saving, onSave, disabled = false, legend, help, words, children }: Props) {
  const fields = (
    <Stack gap="md">
      {help && (
        <Text size="sm" c="dimmed">
          {help}
        </Text>
      )}
      {children}
      <Problem error={saving.error} />
      <Group>
        <Button type="submit" disabled={disabled || saving.isPending}>
          {saving.isPending ? (words?.busy ?? FORM.saving) : (words?.action ?? FORM.save)}
        </Button>
      </Group>
    </Stack>
  )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        onSave()
      }}
    >
      {legend === undefined ? fields : <Fieldset legend={legend}>{fields}</Fieldset>}
    </form>
  )
}
