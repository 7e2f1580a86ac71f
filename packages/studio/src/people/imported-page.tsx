import type { ImportedPerson, Page as Listed } from '@behalf/sdk'
import { Button } from '@mantine/core'
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { listing } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { EndlessTable } from '../parts/endless-table.tsx'
import { Page } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { PEOPLE } from '../text/people.ts'

const WORDS = PEOPLE.imported
type Row = ImportedPerson & { readonly id: string }

/** An e-mail names one of them. */
const withIds = ({ pages, pageParams }: InfiniteData<Listed<ImportedPerson>>): InfiniteData<Listed<Row>> => ({
  pageParams,
  pages: pages.map(page => ({ ...page, items: page.items.map(each => ({ ...each, id: each.email })) })),
})

/** Whom an import told of and nobody has met yet. */
export function ImportedPage() {
  const { can } = useMe()
  const query = useInfiniteQuery({ ...listing('listImportedPeople', { limit: 200 }), select: withIds })
  return (
    <Page
      title={WORDS.title}
      lead={WORDS.lead}
      crumbs={[{ label: PEOPLE.title, to: '/people' }]}
      actions={
        can('person.edit') && (
          <Button component={Link} to="/people/import">
            {PEOPLE.import.open}
          </Button>
        )
      }
      wide
    >
      <EndlessTable query={query} words={WORDS} columns={COLUMNS} onClear={undefined} />
    </Page>
  )
}

const COLUMNS: readonly Column<Row>[] = [
  {
    title: PEOPLE.name,
    width: 'minmax(12rem, 2fr)',
    cell: ({ email, name }) => (name === null ? email : `${name} (${email})`),
  },
  { title: WORDS.groups, width: 'minmax(8rem, 1fr)', minor: true, cell: ({ groups }) => groups.join(', ') },
  {
    title: WORDS.attributes,
    width: 'minmax(10rem, 2fr)',
    minor: true,
    cell: ({ attributes }) =>
      Object.entries(attributes)
        .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`)
        .join(' · '),
  },
  { title: WORDS.when, width: '9rem', cell: ({ imported_at }) => <When at={imported_at} /> },
]
