import type { Answer, Input, OperationId, Page } from '@behalf/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { behalf } from './client.ts'

type Reading = { [Id in OperationId]: Id extends `list${string}` | `read${string}` ? Id : never }[OperationId]
type ItemOf<Id extends OperationId> = Answer<Id> extends Page<infer Item> ? Item : never
type Lists = { [Id in OperationId]: Answer<Id> extends Page<unknown> ? Id : never }[OperationId]

/** The key of everything read by one operation, or of one reading of it. */
export const keyOf = <Id extends OperationId>(operation: Id, input?: Input<Id>) =>
  input === undefined ? [operation] : [operation, input]

/** One reading. */
export const reading = <Id extends Reading>(operation: Id, input: Input<Id>) =>
  queryOptions({
    queryKey: keyOf(operation, input),
    queryFn: async ({ signal }): Promise<Answer<Id>> => {
      const call = behalf[operation] as (given: unknown, options: unknown) => PromiseLike<Answer<Id>>
      return await call(input, { signal })
    },
  })

/** A list, page by page as the reader comes to its end. */
export const listing = <Id extends Lists>(operation: Id, input: Input<Id>) =>
  infiniteQueryOptions({
    queryKey: [operation, input, 'pages'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ signal, pageParam }): Promise<Answer<Id> & Page<ItemOf<Id>>> => {
      const call = behalf[operation] as (given: unknown, options: unknown) => PromiseLike<Answer<Id> & Page<ItemOf<Id>>>
      return await call(pageParam === undefined ? input : { ...(input as object), cursor: pageParam }, { signal })
    },
    getNextPageParam: page => page.next_cursor ?? undefined,
  })

/** A list to its end, for what an organization has hundreds of at most. */
export const wholeList = <Id extends Lists>(operation: Id, input: Input<Id>) =>
  queryOptions({
    queryKey: [operation, input, 'whole'],
    queryFn: async ({ signal }): Promise<ItemOf<Id>[]> => {
      const call = behalf[operation] as (given: unknown, options: unknown) => AsyncIterable<ItemOf<Id>>
      const items: ItemOf<Id>[] = []
      for await (const item of call({ limit: 200, ...(input as object) }, { signal })) items.push(item)
      return items
    },
  })
