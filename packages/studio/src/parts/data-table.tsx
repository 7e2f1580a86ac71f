import { Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { PARTS } from '../text/parts.ts'

/** Where a row of columns is too wide. */
export const NARROW = '(max-width: 40em)'
const TALL = 96

export type Column<Row> = {
  readonly title: string
  /** A CSS grid track, such as `2fr` or `8rem`. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  /** On a phone within a second line, with its title where the value does not speak for itself. */
  readonly minor?: true | 'named'
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
export function DataTable<Row>(props: Props<Row>) {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false
  // Another layout is another table: heights that were measured in one are none of the other.
  return <Rows key={String(isNarrow)} {...props} isNarrow={isNarrow} />
}

function Rows<Row>({
  label,
  rows,
  keyOf,
  columns,
  rowHeight = 56,
  onEnd,
  more = false,
  onOpen,
  isNarrow,
}: Props<Row> & { readonly isNarrow: boolean }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? TALL : rowHeight),
    overscan: 12,
    getItemKey: index => keyOf(rows[index] as Row),
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (more && onEnd !== undefined && lastShown >= rows.length - 20) onEnd()
  }, [lastShown, rows.length, more, onEnd])
  const shown = isNarrow ? columns.filter(({ minor }) => minor === undefined) : columns
  const second = isNarrow ? columns.filter(({ minor }) => minor !== undefined) : []
  // The least width of a column is a wish that a phone cannot grant.
  const trackOf = ({ width }: Column<Row>) => (isNarrow ? width.replace(/minmax\([^,]+,/, 'minmax(0,') : width)
  const template = shown.map(trackOf).join(' ')
  return (
    <div className="table" style={{ '--columns': template } as Record<string, string>}>
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
            {shown.map(({ title }) => (
              <div key={title} role="columnheader">
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
                data-index={item.index}
                ref={isNarrow ? virtual.measureElement : undefined}
                role="row"
                aria-rowindex={item.index + 2}
                className={onOpen === undefined ? 'row' : 'row opens'}
                style={{ transform: `translateY(${item.start}px)`, ...(isNarrow ? {} : { height: item.size }) }}
                onClick={event => {
                  if (onOpen !== undefined && !(event.target as Element).closest('a,button,input,label')) onOpen(row)
                }}
              >
                {shown.map(({ title, cell }) => (
                  <div key={title} role="cell">
                    {cell(row)}
                  </div>
                ))}
                {second.length > 0 && (
                  <div role="cell" className="second">
                    {second.map(({ title, cell, minor }) => (
                      <span key={title}>
                        <span className={minor === 'named' ? undefined : 'unseen'}>{title} </span>
                        {cell(row)}
                      </span>
                    ))}
                  </div>
                )}
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
