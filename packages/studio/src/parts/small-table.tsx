import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { PARTS } from '../text/parts.ts'

type Column<Row> = { readonly title: string; readonly cell: (row: Row) => ReactNode }

/** A table of a few rows; a column without a title holds what one can do with a row. */
export function SmallTable<Row extends { readonly id: string }>({
  rows,
  columns,
  minWidth = 500,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly minWidth?: number
}) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table withTableBorder bg="var(--studio-card)" verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title }) => (
              <Table.Th key={title}>{title || <span className="unseen">{PARTS.actions}</span>}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.id}>
              {columns.map(({ title, cell }) => (
                <Table.Td key={title}>{cell(row)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
