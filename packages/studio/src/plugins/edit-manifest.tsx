import { isProblem, type Json, type Plugin } from '@behalf/sdk'
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
import { FORM } from '../text/form.ts'
import { PLUGINS } from '../text/plugins.ts'
import { checkManifest, manifestOf } from './manifest.ts'
import { ManifestForm } from './manifest-form.tsx'

/** Edits the draft; saving it makes nothing live. */
export function EditManifest({ plugin }: { readonly plugin: Plugin }) {
  const { can } = useMe()
  const tell = useTell()
  const client = useQueryClient()
  const [from, setFrom] = useState(plugin)
  const [theirs, setTheirs] = useState<Plugin | null>(null)
  const base = manifestOf(from)
  const { editing, draft, setDraft, changed, dirty, faults, showAll, refuse } = useDraft({
    base,
    checkDraft: checkManifest,
    readOnly: !can('plugin.edit'),
  })
  const replace = (now: Plugin) => {
    client.setQueryData(keyOf('readPlugin', { name: now.name }), now)
    void client.invalidateQueries({ queryKey: ['listPlugins'] })
    setFrom(now)
    setDraft(manifestOf(now))
    setTheirs(null)
  }
  const update = useMutation({
    mutationFn: (patch: Record<string, Json>) =>
      behalf.updatePlugin({ name: from.name, version: from.version, body: patch }),
    onError: async error => {
      if (!isProblem(error, 'version_conflict')) return refuse(error)
      setTheirs(await behalf.readPlugin({ name: from.name }))
    },
    onSuccess: now => {
      const undo = mergePatch(manifestOf(now), base)
      replace(now)
      tell(PLUGINS.saved(now.display_name), async () =>
        replace(await behalf.updatePlugin({ name: now.name, version: now.version, body: undo })),
      )
    },
  })
  const save = () => {
    showAll()
    if (faults.size === 0 && theirs === null) update.mutate(mergePatch(base, draft))
  }
  return (
    <EditingProvider value={editing}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          save()
        }}
      >
        <Stack gap="lg">
          {theirs !== null && (
            <Conflict
              base={base}
              mine={draft}
              theirs={manifestOf(theirs)}
              onMerged={merged => {
                setFrom(theirs)
                setTheirs(null)
                setDraft(merged)
                update.reset()
              }}
            />
          )}
          <ManifestForm isNew={false} onReplace={setDraft} />
          {can('plugin.edit') && (
            <Stack gap="xs" className="save-bar">
              {theirs === null && <Problem error={update.error} withFaults={false} />}
              <FaultList faults={faults} shown={editing.touched.has('*')} />
              <Group>
                <Button type="submit" disabled={!dirty || update.isPending || theirs !== null}>
                  {update.isPending ? FORM.saving : FORM.save}
                </Button>
                <Button variant="default" disabled={!dirty || update.isPending} onClick={() => setDraft(base)}>
                  {FORM.discard}
                </Button>
                <Publish plugin={from} dirty={dirty} onPublished={replace} />
                <Text size="sm" c="dimmed" role="status">
                  {dirty ? FORM.changed(changed.length) : FORM.unchanged}
                </Text>
              </Group>
            </Stack>
          )}
        </Stack>
      </form>
    </EditingProvider>
  )
}

function Publish({
  plugin,
  dirty,
  onPublished,
}: {
  readonly plugin: Plugin
  readonly dirty: boolean
  readonly onPublished: (plugin: Plugin) => void
}) {
  const client = useQueryClient()
  const tell = useTell()
  const publish = useMutation({
    mutationFn: () => behalf.publishPlugin({ name: plugin.name }),
    onSuccess: async ({ version }) => {
      tell(PLUGINS.manifest.publishedDone(version))
      onPublished(await behalf.readPlugin({ name: plugin.name }))
      await client.invalidateQueries({ queryKey: ['listPluginVersions'] })
    },
  })
  return (
    <>
      <Button
        variant="light"
        disabled={dirty || publish.isPending}
        title={dirty ? PLUGINS.manifest.publishFirst : PLUGINS.manifest.publishHelp}
        onClick={() => publish.mutate()}
      >
        {publish.isPending ? PLUGINS.manifest.publishing : PLUGINS.manifest.publish}
      </Button>
      {publish.error !== null && <Problem error={publish.error} />}
    </>
  )
}
