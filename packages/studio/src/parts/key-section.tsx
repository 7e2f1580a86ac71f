import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { PARTS } from '../text/parts.ts'
import { SETTINGS } from '../text/settings.ts'
import { Dialog } from './dialog.tsx'
import { Empty } from './empty.tsx'
import { type Key, KeyList } from './key-list.tsx'
import { Loaded } from './loaded.tsx'
import { NewKey } from './new-key.tsx'
import { Problem } from './problem.tsx'

const WORDS = SETTINGS.keys

type Props<Each extends Key> = {
  readonly words: {
    readonly lead: string
    readonly what: string
    readonly new: string
    readonly emptyTitle: string
    readonly emptyText: string
    readonly labelHelp: string
  }
  readonly query: UseQueryResult<Each[]>
  /** The operation that lists them, to be read again. */
  readonly listed: string
  readonly extra?: { readonly title: string; readonly cell: (key: Each) => ReactNode }
  /** What is asked besides label and end; `ready` is false while it is not answered. */
  readonly fields?: ReactNode
  readonly ready?: boolean
  /** Undefined where one may only look. */
  readonly make:
    | ((asked: { label: string; expires_at: string | null }) => Promise<{ readonly key: string }>)
    | undefined
  readonly revoke: ((id: string) => Promise<unknown>) | undefined
}

/** Keys of one kind: what there is, a new one that is shown once, and the end of one. */
export function KeySection<Each extends Key>(props: Props<Each>) {
  const { words, query, listed, extra, revoke } = props
  const [asking, setAsking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const button = props.make && <Button onClick={() => setAsking(true)}>{words.new}</Button>
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed" maw="60ch">
          {words.lead}
        </Text>
        {query.data?.length ? button : null}
      </Group>
      <Loaded query={query} what={words.what}>
        {keys =>
          keys.length === 0 ? (
            <Empty title={words.emptyTitle} text={words.emptyText}>
              {button}
            </Empty>
          ) : (
            <KeyList keys={keys} extra={extra} revoke={revoke} listed={listed} />
          )
        }
      </Loaded>
      {asking && (
        <Make
          {...props}
          onClose={() => setAsking(false)}
          onMade={key => {
            setAsking(false)
            setMade(key)
          }}
        />
      )}
      {made !== null && <NewKey value={made} onClose={() => setMade(null)} />}
    </Stack>
  )
}

function Make<Each extends Key>({
  words,
  listed,
  fields,
  ready = true,
  make,
  onClose,
  onMade,
}: Props<Each> & { readonly onClose: () => void; readonly onMade: (key: string) => void }) {
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [expires, setExpires] = useState('')
  const making = useMutation({
    mutationFn: async () => {
      const end = expires === '' ? null : new Date(`${expires}T23:59:59`).toISOString()
      const made = await make?.({ label, expires_at: end })
      await client.invalidateQueries({ queryKey: [listed] })
      if (made !== undefined) onMade(made.key)
    },
  })
  return (
    <Dialog title={words.new} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={WORDS.label}
            description={words.labelHelp}
            required
            data-autofocus
            value={label}
            onChange={event => setLabel(event.currentTarget.value)}
          />
          {fields}
          <TextInput
            type="date"
            label={WORDS.expires}
            description={WORDS.expiresHelp}
            value={expires}
            onChange={event => setExpires(event.currentTarget.value)}
          />
          <Problem error={making.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" disabled={label === '' || !ready || making.isPending}>
              {making.isPending ? WORDS.creating : WORDS.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
