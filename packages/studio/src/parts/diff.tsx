import type { Json } from '@behalf/sdk'
import { Table } from '@mantine/core'
import { differences, type JsonObject } from '../form/json.ts'
import { labelOf } from '../form/schema-field.tsx'

const words = (value: Json | undefined): string =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)

/** What differs between two versions, field by field; `same` where nothing does. */
export function Diff({
  from,
  to,
  titles,
  same,
}: {
  readonly from: JsonObject
  readonly to: JsonObject
  readonly titles: { readonly field: string; readonly was: string; readonly is: string }
  readonly same: string
}) {
  const changes = differences(from, to)
  if (changes.length === 0) return <p className="dim">{same}</p>
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table withTableBorder bg="var(--studio-card)" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="30%">{titles.field}</Table.Th>
            <Table.Th>{titles.was}</Table.Th>
            <Table.Th>{titles.is}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map(({ path, from: was, to: is }) => (
            <Table.Tr key={path.join('/')}>
              <Table.Td>{path.map(labelOf).join(' › ')}</Table.Td>
              <Table.Td>
                <del className="diff-was">{words(was)}</del>
              </Table.Td>
              <Table.Td>
                <ins className="diff-is">{words(is)}</ins>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
