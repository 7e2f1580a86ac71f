import type { PluginCreate } from '@behalf/sdk'
import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { behalf } from '../api/client.ts'
import { EditingProvider } from '../form/editing.tsx'
import { FaultList } from '../form/fault-list.tsx'
import { useDraft } from '../form/use-draft.ts'
import { useTell } from '../parts/notices.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { PLUGINS } from '../text/plugins.ts'
import { checkManifest, NEW_MANIFEST } from './manifest.ts'
import { ManifestForm } from './manifest-form.tsx'

const WORDS = PLUGINS.newPage

export function NewPluginPage() {
  const tell = useTell()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { editing, draft, setDraft, faults, showAll, refuse } = useDraft({
    base: NEW_MANIFEST,
    checkDraft: checkManifest,
  })
  const create = useMutation({
    mutationFn: () => behalf.createPlugin({ body: draft as unknown as PluginCreate }),
    onError: refuse,
    onSuccess: async made => {
      await client.invalidateQueries({ queryKey: ['listPlugins'] })
      tell(WORDS.created(made.display_name))
      void navigate({ to: `/plugins/${made.name}`, ignoreBlocker: true })
    },
  })
  return (
    <Page title={WORDS.title} lead={WORDS.lead} crumbs={[{ label: PLUGINS.title, to: '/plugins' }]}>
      <EditingProvider value={editing}>
        <form
          noValidate
          onSubmit={event => {
            event.preventDefault()
            showAll()
            if (faults.size === 0) create.mutate()
          }}
        >
          <ManifestForm isNew onReplace={setDraft} />
          <Stack gap="xs" mt="lg" className="save-bar">
            <Problem error={create.error} withFaults={false} />
            <FaultList faults={faults} shown={editing.touched.has('*')} />
            <Group>
              <Button type="submit" disabled={create.isPending}>
                {create.isPending ? WORDS.creating : WORDS.create}
              </Button>
            </Group>
          </Stack>
        </form>
      </EditingProvider>
    </Page>
  )
}
