import { Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { PARTS } from '../text/parts.ts'

export type Column<Row> = {
  readonly title: string
  /** A CSS grid track, such as `2fr` or `8rem`. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  /** Left out on a phone. */
  readonly minor?: boolean
}

type Props<Row> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  readonly rowHeight?: number
  readonly onEnd?: (() => void) | undefined
  readonly more?: boolean
  readonly onOpen?: (row: Row) => void
}

/** A table that stays quick however long it is: only the rows in view exist. */
export function DataTable<Row>({
  label,
  rows,
  keyOf,
  columns,
  rowHeight = 56,
  onEnd,
  more = false,
  onOpen,
}: Props<Row>) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: index => keyOf(rows[index] as Row),
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (more && onEnd !== undefined && lastShown >= rows.length - 20) onEnd()
  }, [lastShown, rows.length, more, onEnd])
  const template = columns.map(({ width }) => width).join(' ')
  const narrow = columns
    .filter(({ minor }) => minor !== true)
    .map(({ width }) => width)
    .join(' ')
  return (
    <div className="table" style={{ '--columns': template, '--narrow': narrow } as Record<string, string>}>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="scroller"
        ref={scroller}
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <div className="head" role="rowgroup">
          <div className="row" role="row" aria-rowindex={1}>
            {columns.map(({ title, minor }) => (
              <div key={title} role="columnheader" className={minor ? 'minor' : undefined}>
                {title}
              </div>
            ))}
          </div>
        </div>
        <div className="body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(item => {
            const row = rows[item.index] as Row
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the row's own link is what the keyboard reaches; a click beside it is a shortcut
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={onOpen === undefined ? 'row' : 'row opens'}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                onClick={event => {
                  if (onOpen !== undefined && !(event.target as Element).closest('a,button,input,label')) onOpen(row)
                }}
              >
                {columns.map(({ title, cell, minor }) => (
                  <div key={title} role="cell" className={minor ? 'minor' : undefined}>
                    {cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {more && (
        <Text c="dimmed" size="sm" p="sm" role="status">
          {PARTS.readingMore}
        </Text>
      )}
    </div>
  )
}
