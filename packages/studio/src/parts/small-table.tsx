import { Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Fragment, type ReactNode } from 'react'
import { PARTS } from '../text/parts.ts'
import { NARROW } from './data-table.tsx'

type Column<Row> = { readonly title: string; readonly cell: (row: Row) => ReactNode }

/** A table of a few rows, on a phone a card each; a column without a title holds what one can do with a row. */
export function SmallTable<Row extends { readonly id: string }>({
  rows,
  columns,
  minWidth = 500,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly minWidth?: number
}) {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false
  if (isNarrow) return <Cards rows={rows} columns={columns} />
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

function Cards<Row extends { readonly id: string }>({
  rows,
  columns,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
}) {
  return (
    <ul className="cards">
      {rows.map(row => (
        <li key={row.id} className="card">
          <dl className="fact">
            {columns
              .filter(({ title }) => title !== '')
              .map(({ title, cell }) => (
                <Fragment key={title}>
                  <dt>{title}</dt>
                  <dd>{cell(row)}</dd>
                </Fragment>
              ))}
          </dl>
          {columns.filter(({ title }) => title === '').map(({ cell }) => cell(row))}
        </li>
      ))}
    </ul>
  )
}
