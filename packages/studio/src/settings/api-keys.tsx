import type { ApiKey } from '@behalf/sdk'
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
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
import { PEOPLE } from '../text/people.ts'
import { SETTINGS } from '../text/settings.ts'

const WORDS = SETTINGS.keys
const ROLES = ['developer', 'log_viewer', 'auditor', 'admin'] as const

export function ApiKeys() {
  const { can } = useMe()
  const [asking, setAsking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const query = useQuery(wholeList('listApiKeys', {}))
  const make = can('api-key.edit') && <Button onClick={() => setAsking(true)}>{WORDS.new}</Button>
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
              extra={{
                title: WORDS.roles,
                cell: key => (key as ApiKey).roles.map(role => PEOPLE.roleNames[role]).join(', '),
              }}
              revoke={can('api-key.edit') ? id => behalf.revokeApiKey({ id }) : undefined}
              listed="listApiKeys"
            />
          )
        }
      </Loaded>
      {asking && (
        <Make
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

function Make({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (key: string) => void }) {
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [roles, setRoles] = useState<readonly (typeof ROLES)[number][]>([])
  const [expires, setExpires] = useState('')
  const make = useMutation({
    mutationFn: () =>
      behalf.createApiKey({
        body: { label, roles, expires_at: expires === '' ? null : new Date(`${expires}T23:59:59`).toISOString() },
      }),
    onSuccess: async ({ key }) => {
      await client.invalidateQueries({ queryKey: ['listApiKeys'] })
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
          <Checkbox.Group
            label={WORDS.roles}
            value={[...roles]}
            onChange={next => setRoles(next as typeof roles)}
            required
          >
            <Stack gap="xs" mt="xs">
              {ROLES.map(role => (
                <Checkbox key={role} value={role} label={PEOPLE.roleNames[role]} description={PEOPLE.roleHelp[role]} />
              ))}
            </Stack>
          </Checkbox.Group>
          <TextInput
            type="date"
            label={WORDS.expires}
            description={WORDS.expiresHelp}
            value={expires}
            onChange={event => setExpires(event.currentTarget.value)}
          />
          <Problem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" disabled={label === '' || roles.length === 0 || make.isPending}>
              {make.isPending ? WORDS.creating : WORDS.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
