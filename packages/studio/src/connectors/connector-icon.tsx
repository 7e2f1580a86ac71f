import type { Connector } from '@behalf/sdk'
import { Button, FileButton, Group, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.icon
const MOST_BYTES = 65_536

async function base64(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new Error(WORDS.tooLarge)
  return btoa(Array.from(new Uint8Array(await file.arrayBuffer()), byte => String.fromCharCode(byte)).join(''))
}

/** The picture that people see on the connector's card. */
export function ConnectorIcon({ connector }: { readonly connector: Connector }) {
  const tell = useTell()
  const { name } = connector
  const put = useMutation({
    mutationFn: async (file: File) =>
      behalf.putConnectorIcon({
        name,
        body: { media_type: file.type === 'image/svg+xml' ? 'image/svg+xml' : 'image/png', data: await base64(file) },
      }),
    onSuccess: () => tell(WORDS.saved),
  })
  const remove = useMutation({
    mutationFn: () => behalf.deleteConnectorIcon({ name }),
    onSuccess: () => tell(WORDS.removed),
  })
  return (
    <section>
      <Title order={2} mb={4}>
        {WORDS.title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {WORDS.help}
      </Text>
      <Group>
        <FileButton accept="image/png,image/svg+xml" onChange={file => file !== null && put.mutate(file)}>
          {props => (
            <Button {...props} variant="default" disabled={put.isPending}>
              {put.isPending ? WORDS.saving : WORDS.choose}
            </Button>
          )}
        </FileButton>
        <Button variant="subtle" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {WORDS.remove}
        </Button>
      </Group>
      <Problem error={put.error ?? remove.error} />
    </section>
  )
}
