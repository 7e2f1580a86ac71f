import type { ROUTES } from './generated/routes.ts'
import type { Operations } from './generated/wire.ts'
import type { Page, Pages } from './pages.ts'

export type OperationId = keyof Operations & keyof typeof ROUTES

type Part<Given> = [Given] extends [never] ? unknown : Given
type Body<Given> = [Given] extends [never] ? unknown : { readonly body: Given }
type Version<Needed> = Needed extends true ? { readonly version: number } : unknown

/** What an operation takes: its path parameters, its query, its `body`, and for an update the `version` that was read. */
export type Input<Id extends OperationId> = Part<Operations[Id]['params']> &
  Part<Operations[Id]['query']> &
  Body<Operations[Id]['body']> &
  Version<Operations[Id]['versioned']>

/** What an operation answers. */
export type Answer<Id extends OperationId> = Operations[Id]['answer']

type Answered<Given> = Given extends Page<infer Item> ? Pages<Item, Given & Page<Item>> : Promise<Given>

/** About one request. */
export type CallOptions = {
  readonly signal?: AbortSignal | undefined
  /** Sent with a POST, so that it is done once however often it arrives. Drawn by default; `false` sends none. */
  readonly idempotencyKey?: string | false | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

type Method<Id extends OperationId> =
  object extends Input<Id>
    ? (input?: Input<Id>, options?: CallOptions) => Answered<Answer<Id>>
    : (input: Input<Id>, options?: CallOptions) => Answered<Answer<Id>>

/** Every REST operation as a method. */
export type Rest = { readonly [Id in OperationId]: Method<Id> }
