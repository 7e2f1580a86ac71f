import type { Person } from '@behalf/sdk'
import { Anchor, Group, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { listing } from '../api/queries.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Initial } from '../parts/initial.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { Waiting } from '../parts/waiting.tsx'
import { When } from '../parts/when.tsx'
import { PARTS } from '../text/parts.ts'
import { PEOPLE as WORDS } from '../text/people.ts'

export function PeoplePage() {
  const navigate = useNavigate()
  const [{ q = '' }, change] = useFilters()
  const [asked] = useDebouncedValue(q, 250)
  const query = useInfiniteQuery(listing('listPeople', { limit: 200, q: asked === '' ? undefined : asked }))
  const people = query.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return (
    <Page title={WORDS.title} lead={WORDS.lead} wide>
      <Group mb="md" gap="sm">
        <TextInput
          type="search"
          aria-label={WORDS.search}
          placeholder={WORDS.search}
          value={q}
          onChange={event => change({ q: event.currentTarget.value || undefined })}
          w="min(24rem, 100%)"
        />
        <Text size="sm" c="dimmed" role="status">
          {query.isPending ? '' : PARTS.count(people.length, hasNextPage, WORDS.count)}
        </Text>
      </Group>
      {query.error !== null && <Problem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting what={WORDS.what} />}
      {query.isSuccess && people.length === 0 && (
        <Empty
          title={asked === '' ? WORDS.emptyTitle : PARTS.nothingMatches}
          text={asked === '' ? WORDS.emptyText : PARTS.nothingMatchesText}
        />
      )}
      {people.length > 0 && (
        <DataTable
          label={WORDS.title}
          rows={people}
          keyOf={({ id }) => id}
          columns={COLUMNS}
          more={hasNextPage}
          onEnd={onEnd}
          onOpen={({ id }) => void navigate({ to: `/people/${id}` })}
        />
      )}
    </Page>
  )
}

const COLUMNS: readonly Column<Person>[] = [
  {
    title: WORDS.name,
    width: 'minmax(12rem, 2fr)',
    cell: ({ id, name, email }) => (
      <Group gap="sm" wrap="nowrap">
        <Initial name={name ?? email ?? '?'} />
        <div className="cell-text">
          <Anchor component={Link} to={`/people/${id}`} className="one-line" fw={600} c="var(--mantine-color-text)">
            {name ?? email ?? id}
          </Anchor>
          {name !== null && email !== null && <small className="dim one-line">{email}</small>}
        </div>
      </Group>
    ),
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
  { title: WORDS.lastSeen, width: '9rem', minor: true, cell: ({ last_seen_at }) => <When at={last_seen_at} /> },
]
