import type { OrgId } from '@behalf/contract'
import type { Sealed } from '../domain/sealed.ts'
import type { RefreshedTokens } from './connection-store.ts'

/** A token answer kept on disk, sealed, until the database has it. */
export type JournalEntry = { readonly attemptId: string; readonly tokens: RefreshedTokens }

/** A code exchange under way: noted before the code is spent, and with the sealed tokens once they are there. */
export type OpenExchange = {
  readonly attemptId: string
  readonly orgId: OrgId
  /** Names its authorization request. */
  readonly stateHash: Uint8Array
  /** Null until the answer came. */
  readonly tokens: { readonly accessToken: Sealed; readonly refreshToken: Sealed | null } | null
}

/** The refresh journal of this node: `journal/{node id}` in the data folder, held by an exclusive lock. */
export type RefreshJournal = {
  readonly node: string
  /** Durable (fsync) when it resolves. Whoever stages an entry is at it until it is settled or left. */
  stage(entry: JournalEntry): Promise<void>
  /** Gives up an entry that could not be stored. */
  leave(attemptId: string): void
  /** Whether an entry is here still, and nobody in this process is at it. */
  isLeft(attemptId: string): boolean
  /** The same for a code exchange; a later one of the same attempt replaces it. */
  stageExchange(exchange: OpenExchange): Promise<void>
  /** Drops an entry the database has. */
  settle(attemptId: string): Promise<void>
  /** Entries of this node, those that somebody is at among them, and of nodes whose lock is free; adopted ones are moved here. */
  pending(): Promise<readonly JournalEntry[]>
  /** Code exchanges that began and were not settled, on this node and on nodes that are gone; those under way here among them. */
  openExchanges(): Promise<readonly OpenExchange[]>
  /**
   * What is known of the node that opened an attempt: `alive` holds its journal; the journal of one that is `gone` was read here;
   * one whose journal is not in this data folder lives `elsewhere`, or did.
   */
  whereabouts(node: string): Promise<'alive' | 'gone' | 'elsewhere'>
}
