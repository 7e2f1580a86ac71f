import type { Plugin } from '@behalf/sdk'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf } from '../api/queries.ts'
import { StoredForm } from '../form/stored-form.tsx'
import { useStoredEdit } from '../form/use-stored-edit.ts'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { PLUGINS } from '../text/plugins.ts'
import { checkManifest, manifestOf } from './manifest.ts'
import { ManifestForm } from './manifest-form.tsx'

/** Edits the draft; saving it makes nothing live. */
export function EditManifest({ plugin }: { readonly plugin: Plugin }) {
  const { name } = plugin
  const { can } = useMe()
  const client = useQueryClient()
  const edit = useStoredEdit({
    stored: plugin,
    draftOf: manifestOf,
    checkDraft: checkManifest,
    readOnly: !can('plugin.edit'),
    update: (version, body) => behalf.updatePlugin({ name, version, body }),
    read: () => behalf.readPlugin({ name }),
    onStored: now => {
      client.setQueryData(keyOf('readPlugin', { name }), now)
      void client.invalidateQueries({ queryKey: ['listPlugins'] })
    },
    saved: now => PLUGINS.saved(now.display_name),
  })
  return (
    <StoredForm edit={edit} actions={<Publish plugin={edit.from} dirty={edit.dirty} onPublished={edit.replace} />}>
      <ManifestForm isNew={false} onReplace={edit.setDraft} />
    </StoredForm>
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
