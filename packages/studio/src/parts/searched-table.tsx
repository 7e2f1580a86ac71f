import { Button, Group, Text, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { PARTS } from '../text/parts.ts'
import { type Column, DataTable } from './data-table.tsx'
import { Empty } from './empty.tsx'
import { useFilters } from './use-filters.ts'

type Props<Row extends { readonly id: string }> = {
  readonly label: string
  readonly search: string
  readonly count: readonly [one: string, many: string]
  readonly rows: readonly Row[]
  /** What a search looks in. */
  readonly textOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  readonly onOpen: (row: Row) => void
  /** Further filters: which rows they let through, and their controls. */
  readonly fits?: (row: Row) => boolean
  readonly filters?: ReactNode
  readonly filterNames?: readonly string[]
}

/** A table of what is all there, narrowed as one types; the words stand in the address. */
export function SearchedTable<Row extends { readonly id: string }>(props: Props<Row>) {
  const { label, rows, textOf, fits = () => true } = props
  const [{ q = '' }, change] = useFilters()
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter(row => fits(row) && words.every(word => textOf(row).toLowerCase().includes(word)))
  const clear = Object.fromEntries(['q', ...(props.filterNames ?? [])].map(name => [name, undefined]))
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          type="search"
          aria-label={props.search}
          placeholder={props.search}
          value={q}
          onChange={event => change({ q: event.currentTarget.value || undefined })}
          w="min(24rem, 100%)"
        />
        {props.filters}
        <Text size="sm" c="dimmed" role="status">
          {found.length === rows.length
            ? PARTS.count(found.length, false, props.count)
            : PARTS.filtered(found.length, rows.length)}
        </Text>
      </Group>
      {found.length === 0 ? (
        <Empty title={PARTS.nothingMatches} text={PARTS.nothingMatchesText}>
          <Button variant="default" onClick={() => change(clear)}>
            {PARTS.clearFilters}
          </Button>
        </Empty>
      ) : (
        <DataTable label={label} rows={found} keyOf={({ id }) => id} columns={props.columns} onOpen={props.onOpen} />
      )}
    </>
  )
}
