import type { Page, PageRequest } from '../ports/page.ts'

/** Cuts a page out of rows that were read one beyond the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  key: (row: Row) => string,
  item: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { items: kept.map(item), next: rows.length > limit && last !== undefined ? key(last) : null }
}
