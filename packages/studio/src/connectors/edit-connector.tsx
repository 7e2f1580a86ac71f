import { type Connector, isProblem, type Json } from '@behalf/sdk'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf } from '../api/queries.ts'
import { Conflict } from '../form/conflict.tsx'
import { EditingProvider } from '../form/editing.tsx'
import { FaultList } from '../form/fault-list.tsx'
import { mergePatch } from '../form/json.ts'
import { useDraft } from '../form/use-draft.ts'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { FORM } from '../text/form.ts'
import { ConnectorForm } from './connector-form.tsx'
import { checkDefinition, definitionOf } from './definition.ts'
import { useDoctorNotes } from './doctor.tsx'
import { RequestPreview } from './request-preview.tsx'
import { CLIENT_SECRET, keptNotes, type Secrets, typedCount, withSecrets } from './secrets.tsx'

/** Edits one version; where somebody saved another meanwhile, both sets of changes are laid side by side. */
export function EditConnector({ connector }: { readonly connector: Connector }) {
  const { organization } = useMe()
  const tell = useTell()
  const client = useQueryClient()
  const [from, setFrom] = useState(connector)
  const [theirs, setTheirs] = useState<Connector | null>(null)
  const [secrets, setSecrets] = useState<Secrets>({})
  const typed = typedCount(secrets)
  const base = definitionOf(from)
  const notes = useDoctorNotes(from.name)
  const { editing, draft, setDraft, changed, dirty, faults, setJudged, showAll, refuse } = useDraft({
    base,
    checkDraft: checkDefinition,
    notes,
  })
  const update = useMutation({
    mutationFn: (given: { patch: Record<string, Json>; version: number }) =>
      behalf.updateConnector({ name: from.name, version: given.version, body: given.patch }),
    onError: async error => {
      if (!isProblem(error, 'version_conflict')) return refuse(error)
      setTheirs(await behalf.readConnector({ name: from.name }))
    },
    onSuccess: saved => {
      const undo = mergePatch(definitionOf(saved), base)
      const replace = (now: Connector) => {
        client.setQueryData(keyOf('readConnector', { name: now.name }), now)
        void client.invalidateQueries({ queryKey: ['listConnectors'] })
        setFrom(now)
        setDraft(definitionOf(now))
        setSecrets({})
        setTheirs(null)
      }
      replace(saved)
      // A secret that was replaced cannot be brought back: nobody has it any more.
      const undoable = typed === 0
      tell(
        CONNECTORS.saved(saved.display_name),
        undoable
          ? async () => replace(await behalf.updateConnector({ name: saved.name, version: saved.version, body: undo }))
          : undefined,
      )
    },
  })
  const save = () => {
    showAll()
    if (faults.size > 0) return
    const patch = mergePatch(base, draft)
    update.mutate({ patch: withSecrets(patch, secrets), version: from.version })
  }
  const anything = dirty || typed > 0
  return (
    <EditingProvider value={editing}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (theirs === null) save()
        }}
        noValidate
      >
        <Stack gap="lg">
          {theirs !== null && (
            <Conflict
              base={base}
              mine={draft}
              theirs={definitionOf(theirs)}
              onMerged={merged => {
                setFrom(theirs)
                setTheirs(null)
                setDraft(merged)
                update.reset()
              }}
            />
          )}
          <div className="form-grid">
            <ConnectorForm
              isNew={false}
              organizationUrl={organization.url}
              secrets={secrets}
              onSecrets={setSecrets}
              kept={keptNotes(from)}
              onReplace={setDraft}
            />
            <aside>
              <RequestPreview
                secret={Boolean(secrets[CLIENT_SECRET]) || from.auth.client_secret.set}
                onFaults={setJudged}
              />
            </aside>
          </div>
          <Stack gap="xs" className="save-bar">
            {theirs === null && <Problem error={update.error} withFaults={false} />}
            <FaultList faults={faults} shown={editing.touched.has('*')} />
            <Group>
              <Button type="submit" disabled={!anything || update.isPending || theirs !== null}>
                {update.isPending ? FORM.saving : FORM.save}
              </Button>
              <Button
                variant="default"
                disabled={!anything || update.isPending}
                onClick={() => {
                  setDraft(base)
                  setSecrets({})
                }}
              >
                {FORM.discard}
              </Button>
              <Text size="sm" c="dimmed" role="status">
                {anything ? FORM.changed(changed.length + typed) : FORM.unchanged}
              </Text>
            </Group>
          </Stack>
        </Stack>
      </form>
    </EditingProvider>
  )
}
