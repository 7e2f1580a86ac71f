import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { SETTINGS } from '../text/settings.ts'
import { ConfirmByName } from './confirm-by-name.tsx'
import { useTell } from './notices.tsx'
import { SmallTable } from './small-table.tsx'
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
      <SmallTable
        rows={keys}
        minWidth={560}
        columns={[
          { title: WORDS.label, cell: ({ label }) => label },
          ...(extra === undefined ? [] : [extra]),
          { title: WORDS.start, cell: ({ start }) => <code>{start}…</code> },
          { title: WORDS.state, cell: stateOf },
          { title: WORDS.used, cell: ({ last_used_at }) => <When at={last_used_at} /> },
          { title: WORDS.expires, cell: ({ expires_at }) => <When at={expires_at} /> },
          {
            title: '',
            cell: key =>
              revoke &&
              key.revoked_at === null && (
                <Button size="compact-sm" variant="default" onClick={() => setAsking(key)}>
                  {WORDS.revokeOpen}
                </Button>
              ),
          },
        ]}
      />
      {asking !== null && (
        <ConfirmByName
          name={asking.label}
          title={WORDS.revokeTitle(asking.label)}
          action={WORDS.revoke}
          busy={end.isPending && WORDS.revoking}
          error={end.error}
          onConfirm={() => end.mutate(asking)}
          onClose={() => setAsking(null)}
        >
          <Text size="sm">{WORDS.revokeText}</Text>
        </ConfirmByName>
      )}
    </>
  )
}
