import type { Plugin, PluginVersion } from '@behalf/sdk'
import { Accordion, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf, wholeList } from '../api/queries.ts'
import { mergePatch } from '../form/json.ts'
import { Diff } from '../parts/diff.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { PLUGINS } from '../text/plugins.ts'
import { manifestOf } from './manifest.ts'

const WORDS = PLUGINS.versions

/** What was published, what each version changed, and the way back to one. */
export function Versions({ plugin }: { readonly plugin: Plugin }) {
  const query = useQuery(wholeList('listPluginVersions', { name: plugin.name }))
  return (
    <Loaded query={query} what={WORDS.what}>
      {versions =>
        versions.length === 0 ? (
          <Empty title={WORDS.emptyTitle} text={WORDS.emptyText} />
        ) : (
          <Accordion multiple variant="separated" defaultValue={[String(versions[0]?.version)]} order={2}>
            {versions.map((version, index) => (
              <Accordion.Item key={version.version} value={String(version.version)}>
                <Accordion.Control>
                  <Group gap="sm">
                    <Text fw={600}>{PLUGINS.versionOf(version.version)}</Text>
                    <Text size="sm" c="dimmed">
                      {WORDS.publishedBy} <When at={version.published_at} />
                    </Text>
                  </Group>
                </Accordion.Control>
                <Accordion.Panel>
                  <Version plugin={plugin} version={version} before={versions[index + 1]} />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )
      }
    </Loaded>
  )
}

function Version({
  plugin,
  version,
  before,
}: {
  readonly plugin: Plugin
  readonly version: PluginVersion
  readonly before: PluginVersion | undefined
}) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const restore = useMutation({
    mutationFn: () =>
      behalf.updatePlugin({
        name: plugin.name,
        version: plugin.version,
        body: mergePatch(manifestOf(plugin), { ...manifestOf(version), name: plugin.name }),
      }),
    onSuccess: now => {
      client.setQueryData(keyOf('readPlugin', { name: now.name }), now)
      tell(WORDS.restored(version.version))
    },
  })
  return (
    <Stack gap="sm">
      {before === undefined ? (
        <Text size="sm" c="dimmed">
          {WORDS.first}
        </Text>
      ) : (
        <Diff
          from={manifestOf(before)}
          to={manifestOf(version)}
          titles={{ field: WORDS.field, was: WORDS.was, is: WORDS.is }}
          same={WORDS.same}
        />
      )}
      <Problem error={restore.error} />
      {can('plugin.edit') && (
        <Group>
          <Button size="sm" variant="default" disabled={restore.isPending} onClick={() => restore.mutate()}>
            {restore.isPending ? WORDS.restoring : WORDS.restore}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
