import type { Person } from '@behalf/sdk'
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { listing } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { EndlessTable } from '../parts/endless-table.tsx'
import { Named } from '../parts/named.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { When } from '../parts/when.tsx'
import { PEOPLE as WORDS } from '../text/people.ts'

export function PeoplePage() {
  const navigate = useNavigate()
  const { can } = useMe()
  const [{ q = '' }, change] = useFilters()
  const [asked] = useDebouncedValue(q, 250)
  const query = useInfiniteQuery(listing('listPeople', { limit: 200, q: asked === '' ? undefined : asked }))
  return (
    <Page
      title={WORDS.title}
      lead={WORDS.lead}
      wide
      actions={
        <>
          <Button component={Link} to="/people/imported" variant="default">
            {WORDS.showImported}
          </Button>
          {can('person.edit') && (
            <Button component={Link} to="/people/import">
              {WORDS.import.open}
            </Button>
          )}
        </>
      }
    >
      <TextInput
        type="search"
        aria-label={WORDS.search}
        placeholder={WORDS.search}
        value={q}
        onChange={event => change({ q: event.currentTarget.value || undefined })}
        w="min(24rem, 100%)"
      />
      <EndlessTable
        query={query}
        words={WORDS}
        columns={COLUMNS}
        rowHeight={56}
        onOpen={({ id }) => void navigate({ to: `/people/${id}` })}
        onClear={asked === '' ? undefined : () => change({ q: undefined })}
      />
    </Page>
  )
}

const COLUMNS: readonly Column<Person>[] = [
  {
    title: WORDS.name,
    width: 'minmax(12rem, 2fr)',
    cell: ({ id, name, email }) => <Named to={`/people/${id}`} name={name ?? email ?? id} second={email} />,
  },
  {
    title: WORDS.roles,
    width: 'minmax(8rem, 1fr)',
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <span className="dim">{WORDS.noRoles}</span>
      ) : (
        roles.map(role => WORDS.roleNames[role] ?? role).join(', ')
      ),
  },
  {
    title: WORDS.status,
    width: '9rem',
    minor: true,
    cell: ({ status }) =>
      status === 'active' ? <State tone="good">{WORDS.active}</State> : <State tone="bad">{WORDS.suspended}</State>,
  },
  { title: WORDS.lastSeen, width: '9rem', minor: 'named', cell: ({ last_seen_at }) => <When at={last_seen_at} /> },
]
