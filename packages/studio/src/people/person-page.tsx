import type { Person } from '@behalf/sdk'
import { Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf, reading } from '../api/queries.ts'
import { Ask } from '../parts/ask.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { PEOPLE as WORDS } from '../text/people.ts'
import { Connections, Sessions } from './belongings.tsx'

type Role = Person['roles'][number]
const ROLES: readonly Role[] = ['developer', 'log_viewer', 'auditor', 'admin']
const nameOf = ({ name, email, id }: Person): string => name ?? email ?? id

export function PersonPage() {
  const { id = '' } = useParams({ strict: false })
  const { can } = useMe()
  const query = useQuery(reading('readPerson', { id }))
  return (
    <Page
      title={query.data === undefined ? id : nameOf(query.data)}
      crumbs={[{ label: WORDS.title, to: '/people' }]}
      aside={query.data?.status === 'suspended' && <State tone="bad">{WORDS.suspended}</State>}
      actions={query.data !== undefined && can('person.edit') && <Suspension person={query.data} />}
    >
      <Loaded query={query} what={WORDS.personWhat}>
        {person => (
          <Stack gap="xl">
            <dl className="fact">
              <dt>{WORDS.email}</dt>
              <dd>
                {person.email ?? '–'}
                {person.email !== null && ` (${person.email_verified ? WORDS.verified : WORDS.notVerified})`}
              </dd>
              <dt>{WORDS.issuer}</dt>
              <dd>{person.issuer}</dd>
              <dt>{WORDS.id}</dt>
              <dd>
                <code>{person.id}</code>
              </dd>
            </dl>
            <Roles key={person.version} person={person} />
            {can('connection.read') && <Connections person={person.id} />}
            {can('session.read') && <Sessions person={person.id} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function usePut() {
  const client = useQueryClient()
  return async (person: Person) => {
    client.setQueryData(keyOf('readPerson', { id: person.id }), person)
    await client.invalidateQueries({ queryKey: ['listPeople'] })
  }
}

function Roles({ person }: { readonly person: Person }) {
  const { can } = useMe()
  const put = usePut()
  const tell = useTell()
  const [chosen, setChosen] = useState<readonly Role[]>(person.granted_roles)
  const save = useMutation({
    mutationFn: (roles: readonly Role[]) => behalf.putRoles({ id: person.id, body: { roles } }),
    onSuccess: async now => {
      const before = person.granted_roles
      await put(now)
      tell(WORDS.rolesSaved(nameOf(now)), async () =>
        put(await behalf.putRoles({ id: person.id, body: { roles: before } })),
      )
    },
  })
  const changed = [...chosen].sort().join() !== [...person.granted_roles].sort().join()
  return (
    <Paper withBorder p="lg" className="card">
      <Title order={2}>{WORDS.rolesTitle}</Title>
      <Text size="sm" c="dimmed" mb="md">
        {WORDS.rolesLead}
      </Text>
      <Stack gap="sm">
        {ROLES.map(role => {
          const mapped = person.roles.includes(role) && !person.granted_roles.includes(role)
          return (
            <Checkbox
              key={role}
              label={mapped ? `${WORDS.roleNames[role]} (${WORDS.fromSso})` : WORDS.roleNames[role]}
              description={WORDS.roleHelp[role]}
              disabled={!can('person.edit')}
              checked={chosen.includes(role)}
              onChange={event =>
                setChosen(event.currentTarget.checked ? [...chosen, role] : chosen.filter(other => other !== role))
              }
            />
          )
        })}
        <Problem error={save.error} />
        {can('person.edit') && (
          <Group>
            <Button disabled={!changed || save.isPending} onClick={() => save.mutate(chosen)}>
              {save.isPending ? WORDS.savingRoles : WORDS.saveRoles}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}

function Suspension({ person }: { readonly person: Person }) {
  const [asking, setAsking] = useState(false)
  const put = usePut()
  const tell = useTell()
  const suspend = useMutation({
    mutationFn: () => behalf.suspendPerson({ id: person.id }),
    onSuccess: async now => {
      setAsking(false)
      await put(now)
      tell(WORDS.suspendedDone(nameOf(now)), async () => put(await behalf.resumePerson({ id: person.id })))
    },
  })
  const resume = useMutation({
    mutationFn: () => behalf.resumePerson({ id: person.id }),
    onSuccess: async now => {
      await put(now)
      tell(WORDS.resumed(nameOf(now)))
    },
  })
  if (person.status === 'suspended')
    return (
      <>
        <Problem error={resume.error} />
        <Button onClick={() => resume.mutate()} disabled={resume.isPending}>
          {resume.isPending ? WORDS.resuming : WORDS.resume}
        </Button>
      </>
    )
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {WORDS.suspend}
      </Button>
      {asking && (
        <Ask
          title={WORDS.suspendTitle(nameOf(person))}
          text={WORDS.suspendText}
          action={WORDS.suspendAction}
          doing={{ ...suspend, busy: WORDS.suspending }}
          onConfirm={() => suspend.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
