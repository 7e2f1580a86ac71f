import type { Json } from '@behalf/sdk'
import { differences, type JsonObject } from '../form/json.ts'
import { labelOf } from '../form/schema-field.tsx'
import { SmallTable } from './small-table.tsx'

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
  const rows = differences(from, to).map(change => ({ ...change, id: change.path.join('/') }))
  if (rows.length === 0) return <p className="dim">{same}</p>
  return (
    <SmallTable
      rows={rows}
      columns={[
        { title: titles.field, cell: ({ path }) => path.map(labelOf).join(' › ') },
        { title: titles.was, cell: ({ from: was }) => <del className="diff-was">{words(was)}</del> },
        { title: titles.is, cell: ({ to: is }) => <ins className="diff-is">{words(is)}</ins> },
      ]}
    />
  )
}
