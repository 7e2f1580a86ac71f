/** A keyset page: items after `after` (an opaque sort key of the store), and the key to go on with. */
export type PageRequest = { readonly after: string | null; readonly limit: number }
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }
