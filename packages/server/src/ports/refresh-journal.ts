import type { RefreshedTokens } from './connection-store.ts'

/** A token answer kept on disk, sealed, until the database has it. */
export type JournalEntry = { readonly attemptId: string; readonly tokens: RefreshedTokens }

/** The refresh journal of this node: `journal/{node id}` in the data folder, held by an exclusive lock. */
export type RefreshJournal = {
  readonly node: string
  /** Durable (fsync) when it resolves. */
  stage(entry: JournalEntry): Promise<void>
  /** Drops an entry the database has. */
  settle(attemptId: string): Promise<void>
  /** Entries left by this node and by nodes whose lock is free; adopted ones are moved here. */
  pending(): Promise<readonly JournalEntry[]>
  /**
   * What is known of the node that opened an attempt: `alive` holds its journal; the journal of one that is `gone` was read here;
   * one whose journal is not in this data folder lives `elsewhere`, or did.
   */
  whereabouts(node: string): Promise<'alive' | 'gone' | 'elsewhere'>
}
