import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { PARTS } from '../text/parts.ts'
import { SETTINGS } from '../text/settings.ts'
import { Dialog } from './dialog.tsx'
import { useTell } from './notices.tsx'
import { Problem } from './problem.tsx'
import { State } from './state.tsx'
import { When } from './when.tsx'

const WORDS = SETTINGS.keys

export type Key = {
  readonly id: string
  readonly label: string
  readonly start: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
}

function stateOf({ revoked_at, expires_at }: Key) {
  if (revoked_at !== null) return <State tone="plain">{WORDS.revokedState}</State>
  if (expires_at !== null && new Date(expires_at).getTime() < Date.now())
    return <State tone="warn">{WORDS.expiredState}</State>
  return <State tone="good">{WORDS.live}</State>
}

/** Keys, when each was used last, and the end of one. */
export function KeyList<Each extends Key>({
  keys,
  extra,
  revoke,
  listed,
}: {
  readonly keys: readonly Each[]
  readonly extra?: { readonly title: string; readonly cell: (key: Each) => ReactNode } | undefined
  readonly revoke?: ((id: string) => Promise<unknown>) | undefined
  /** The operation that lists them, to be read again. */
  readonly listed: string
}) {
  const client = useQueryClient()
  const tell = useTell()
  const [asking, setAsking] = useState<Key | null>(null)
  const end = useMutation({
    mutationFn: async (key: Key) => revoke?.(key.id),
    onSuccess: async (_, key) => {
      setAsking(null)
      await client.invalidateQueries({ queryKey: [listed] })
      tell(WORDS.revoked(key.label))
    },
  })
  return (
    <>
      <Table.ScrollContainer minWidth={560}>
        <Table withTableBorder bg="var(--studio-card)" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{WORDS.label}</Table.Th>
              {extra && <Table.Th>{extra.title}</Table.Th>}
              <Table.Th>{WORDS.start}</Table.Th>
              <Table.Th>{WORDS.state}</Table.Th>
              <Table.Th>{WORDS.used}</Table.Th>
              <Table.Th>{WORDS.expires}</Table.Th>
              <Table.Th>
                <span className="unseen">{PARTS.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map(key => (
              <Table.Tr key={key.id}>
                <Table.Td>{key.label}</Table.Td>
                {extra && <Table.Td>{extra.cell(key)}</Table.Td>}
                <Table.Td>
                  <code>{key.start}…</code>
                </Table.Td>
                <Table.Td>{stateOf(key)}</Table.Td>
                <Table.Td>
                  <When at={key.last_used_at} />
                </Table.Td>
                <Table.Td>
                  <When at={key.expires_at} />
                </Table.Td>
                <Table.Td>
                  {revoke && key.revoked_at === null && (
                    <Button size="compact-sm" variant="default" onClick={() => setAsking(key)}>
                      {WORDS.revoke}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {asking !== null && (
        <Dialog title={WORDS.revokeTitle(asking.label)} onClose={() => setAsking(null)}>
          <Stack>
            <Text size="sm">{WORDS.revokeText}</Text>
            <Problem error={end.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsking(null)} data-autofocus>
                {PARTS.cancel}
              </Button>
              <Button color="red" disabled={end.isPending} onClick={() => end.mutate(asking)}>
                {end.isPending ? WORDS.revoking : WORDS.revoke}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </>
  )
}
