import type { Connector, ConnectorVersion } from '@behalf/sdk'
import { Accordion, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf, wholeList } from '../api/queries.ts'
import type { JsonObject } from '../form/json.ts'
import { Diff } from '../parts/diff.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.versions

/** What each version changed, and the way back to one. A client secret is in none of them. */
export function ConnectorVersions({ connector }: { readonly connector: Connector }) {
  const query = useQuery(wholeList('listConnectorVersions', { name: connector.name }))
  return (
    <Stack gap="md">
      <Text c="dimmed" maw="65ch">
        {WORDS.lead}
      </Text>
      <Loaded query={query} what={WORDS.what}>
        {versions => (
          <Accordion multiple variant="separated" defaultValue={[String(versions[0]?.version)]} order={2}>
            {versions.map((version, index) => (
              <Accordion.Item key={version.version} value={String(version.version)}>
                <Accordion.Control>
                  <Text fw={600}>
                    {WORDS.version(version.version)}
                    {version.current && ` (${WORDS.present})`}{' '}
                    <Text span size="sm" fw={400}>
                      <When at={version.updated_at} />
                    </Text>
                  </Text>
                </Accordion.Control>
                <Accordion.Panel>
                  <Version connector={connector} version={version} before={versions[index + 1]} />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Loaded>
    </Stack>
  )
}

function Version({
  connector,
  version,
  before,
}: {
  readonly connector: Connector
  readonly version: ConnectorVersion
  readonly before: ConnectorVersion | undefined
}) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const restore = useMutation({
    mutationFn: () =>
      behalf.restoreConnectorVersion({ name: connector.name, version: connector.version, restored: version.version }),
    onSuccess: async now => {
      client.setQueryData(keyOf('readConnector', { name: now.name }), now)
      await client.invalidateQueries({ queryKey: ['listConnectorVersions'] })
      tell(WORDS.restored(version.version, now.version))
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
          from={before.definition as unknown as JsonObject}
          to={version.definition as unknown as JsonObject}
          titles={{ field: WORDS.field, was: WORDS.was, is: WORDS.is }}
          same={WORDS.same}
        />
      )}
      <Problem error={restore.error} />
      {can('connector.edit') && version.version !== connector.version && (
        <Group>
          <Button size="sm" variant="default" disabled={restore.isPending} onClick={() => restore.mutate()}>
            {restore.isPending ? WORDS.restoring : WORDS.restore}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
