import { fromCursor, toCursor } from '../cursor.ts'

type Paged = { readonly cursor?: string | undefined; readonly limit: number }
/** A page request as the store reads it. Throws `invalid_cursor`. */
export const pageOf = ({ cursor, limit }: Paged) => ({ after: fromCursor(cursor), limit })
/** A page as it travels. */
export const paged = <Item, View>(
  { items, next }: { readonly items: readonly Item[]; readonly next: string | null },
  toView: (item: Item) => View,
) => ({
  items: items.map(toView),
  next_cursor: toCursor(next),
})

/** Items as newline-delimited JSON, one by one as they come. */
export async function* ndjson<Item>(
  items: AsyncIterable<Item>,
  toView: (item: Item) => unknown,
): AsyncIterable<string> {
  for await (const item of items) yield `${JSON.stringify(toView(item))}\n`
}
