import { BrokerError } from '../domain/broker-error.ts'

const FORM = /^[\w:.@-]{1,200}$/

/** A store's key as the opaque cursor that travels. */
export const toCursor = (after: string | null): string | null =>
  after === null ? null : Buffer.from(after, 'utf8').toString('base64url')

/** Throws `invalid_cursor`. */
export function fromCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const after = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!FORM.test(after) || toCursor(after) !== cursor) throw new BrokerError('invalid_cursor')
  return after
}
