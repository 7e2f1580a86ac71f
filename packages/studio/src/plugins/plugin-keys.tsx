import type { Plugin } from '@behalf/sdk'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { KeyList } from '../parts/key-list.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { NewKey } from '../parts/new-key.tsx'
import { Problem } from '../parts/problem.tsx'
import { PARTS } from '../text/parts.ts'
import { PLUGINS } from '../text/plugins.ts'
import { SETTINGS } from '../text/settings.ts'

const WORDS = PLUGINS.keys

export function PluginKeys({ plugin }: { readonly plugin: Plugin }) {
  const { can } = useMe()
  const [asking, setAsking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const query = useQuery(wholeList('listPluginKeys', { name: plugin.name }))
  const make = can('plugin.edit') && <Button onClick={() => setAsking(true)}>{WORDS.new}</Button>
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed" maw="60ch">
          {WORDS.lead}
        </Text>
        {query.data?.length ? make : null}
      </Group>
      <Loaded query={query} what={WORDS.what}>
        {keys =>
          keys.length === 0 ? (
            <Empty title={WORDS.emptyTitle} text={WORDS.emptyText}>
              {make}
            </Empty>
          ) : (
            <KeyList
              keys={keys}
              revoke={can('plugin.edit') ? key => behalf.revokePluginKey({ name: plugin.name, key }) : undefined}
              listed="listPluginKeys"
            />
          )
        }
      </Loaded>
      {asking && (
        <Make
          name={plugin.name}
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

function Make({
  name,
  onClose,
  onMade,
}: {
  readonly name: string
  readonly onClose: () => void
  readonly onMade: (key: string) => void
}) {
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [expires, setExpires] = useState('')
  const make = useMutation({
    mutationFn: () =>
      behalf.createPluginKey({
        name,
        body: { label, expires_at: expires === '' ? null : new Date(`${expires}T23:59:59`).toISOString() },
      }),
    onSuccess: async ({ key }) => {
      await client.invalidateQueries({ queryKey: ['listPluginKeys'] })
      onMade(key)
    },
  })
  return (
    <Dialog title={WORDS.new} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={WORDS.label}
            description={WORDS.labelHelp}
            required
            data-autofocus
            value={label}
            onChange={event => setLabel(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={SETTINGS.keys.expires}
            description={SETTINGS.keys.expiresHelp}
            value={expires}
            onChange={event => setExpires(event.currentTarget.value)}
          />
          <Problem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" disabled={label === '' || make.isPending}>
              {make.isPending ? SETTINGS.keys.creating : SETTINGS.keys.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
