import type { Page } from '@behalf/sdk'
import { Button, Group, Text } from '@mantine/core'
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { type ReactNode, useCallback } from 'react'
import { PARTS } from '../text/parts.ts'
import { type Column, DataTable } from './data-table.tsx'
import { Empty } from './empty.tsx'
import { Problem } from './problem.tsx'
import { Waiting } from './waiting.tsx'
import { exactly } from './when.tsx'

/** A page that may be short because only so much is looked at for one: it says how far back that was. */
type Partial<Row> = Page<Row> & { readonly looked_back_to?: string | null }

type Props<Row extends { readonly id: string }> = {
  readonly query: UseInfiniteQueryResult<InfiniteData<Partial<Row>>>
  readonly words: {
    readonly title: string
    readonly what: string
    readonly count: readonly [one: string, many: string]
    readonly emptyTitle: string
    readonly emptyText: string
  }
  readonly columns: readonly Column<Row>[]
  readonly rowHeight?: number
  readonly onOpen?: (row: Row) => void
  /** Takes the filters away; undefined where none is set. */
  readonly onClear: (() => void) | undefined
  /** Beside the count. */
  readonly aside?: ReactNode
  readonly note?: string
}

/** A list as long as it may be: page by page as one comes to its end, with what to say while there is nothing. */
export function EndlessTable<Row extends { readonly id: string }>(props: Props<Row>) {
  const { query, words, onClear, onOpen, aside, note = '' } = props
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? []
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  // Where a page took all that may be looked at for one, somebody decides whether to look further back.
  const lookedBackTo = query.data?.pages.at(-1)?.looked_back_to ?? null
  const further = lookedBackTo !== null && (
    <Button onClick={onEnd}>{isFetchingNextPage ? PARTS.goingOn : PARTS.goOn}</Button>
  )
  return (
    <>
      <Group my="sm" justify="space-between" mih="1.5rem">
        <Text size="sm" c="dimmed" role="status">
          {query.data === undefined || (rows.length === 0 && further)
            ? ''
            : PARTS.count(rows.length, hasNextPage, words.count)}
          {note}
        </Text>
        {aside}
      </Group>
      {query.error !== null && <Problem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting what={words.what} />}
      {query.isSuccess && rows.length === 0 && (
        <Empty
          title={lookedBackTo !== null ? PARTS.nothingSoFar : onClear ? PARTS.nothingMatches : words.emptyTitle}
          text={
            lookedBackTo !== null
              ? PARTS.olderNotYet(exactly(lookedBackTo))
              : onClear
                ? PARTS.nothingMatchesText
                : words.emptyText
          }
        >
          <Group gap="sm">
            {further}
            {onClear && (
              <Button variant="default" onClick={onClear}>
                {PARTS.clearFilters}
              </Button>
            )}
          </Group>
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label={words.title}
          rows={rows}
          keyOf={({ id }) => id}
          columns={props.columns}
          rowHeight={props.rowHeight ?? 48}
          more={hasNextPage && !further}
          onEnd={onEnd}
          {...(onOpen && { onOpen })}
        />
      )}
      {rows.length > 0 && lookedBackTo !== null && (
        <Group mt="sm" justify="space-between">
          <Text size="sm" c="dimmed" role="status">
            {PARTS.olderNotYet(exactly(lookedBackTo))}
          </Text>
          {further}
        </Group>
      )}
    </>
  )
}
