import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { Conflict } from './conflict.tsx'
import { EditingProvider } from './editing.tsx'
import { FaultList } from './fault-list.tsx'
import type { StoredEdit } from './use-stored-edit.ts'

/** The form over a stored thing: what somebody else saved meanwhile, its fields, and the bar that saves. */
export function StoredForm({
  edit,
  children,
  actions,
}: {
  readonly edit: StoredEdit
  readonly children: ReactNode
  /** Beside the buttons that save and discard. */
  readonly actions?: ReactNode
}) {
  const { editing, draft, base, theirs, faults, saving, anything, count } = edit
  return (
    <EditingProvider value={editing}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          edit.save()
        }}
      >
        <Stack gap="lg">
          {theirs !== null && <Conflict base={base} mine={draft} theirs={theirs} onMerged={edit.merge} />}
          {children}
          {!editing.readOnly && (
            <Stack gap="xs" className="save-bar">
              {theirs === null && <Problem error={saving.error} withFaults={false} />}
              <FaultList faults={faults} shown={editing.touched.has('*')} />
              <Group>
                <Button type="submit" disabled={!anything || saving.isPending || theirs !== null}>
                  {saving.isPending ? FORM.saving : FORM.save}
                </Button>
                <Button variant="default" disabled={!anything || saving.isPending} onClick={edit.discard}>
                  {FORM.discard}
                </Button>
                {actions}
                <Text size="sm" c="dimmed" role="status">
                  {anything ? FORM.changed(count) : FORM.unchanged}
                </Text>
              </Group>
            </Stack>
          )}
        </Stack>
      </form>
    </EditingProvider>
  )
}
