/** A cursor page as it is answered; one may be short or empty and not be the last, which `next_cursor` says. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null }

/**
 * A list: awaited it is its first page, iterated (`for await`) it is every item, page by page as they are needed.
 * Nothing is asked before one of the two. Iterating goes on over pages that hold nothing.
 */
export class Pages<Item, Answer extends Page<Item> = Page<Item>> implements PromiseLike<Answer>, AsyncIterable<Item> {
  readonly #read: (cursor: string | undefined) => Promise<Answer>
  #first: Promise<Answer> | undefined

  constructor(read: (cursor: string | undefined) => Promise<Answer>) {
    this.#read = read
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is what this is for
  then<Result = Answer, Failure = never>(
    done?: ((page: Answer) => Result | PromiseLike<Result>) | null,
    failed?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    this.#first ??= this.#read(undefined)
    return this.#first.then(done, failed)
  }

  /** Every page, the first one first. */
  async *pages(): AsyncGenerator<Answer> {
    let page = await this.#read(undefined)
    yield page
    while (page.next_cursor !== null) {
      page = await this.#read(page.next_cursor)
      yield page
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for await (const { items } of this.pages()) yield* items
  }
}
