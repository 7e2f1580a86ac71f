import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CallEntry } from '../../src/domain/call-entry.ts'
import { entryOf, type RedactedEntry, redactStrictly } from '../../src/domain/redaction/redact-call.ts'
import type { CallLog } from '../../src/ports/call-log.ts'

declare const entry: CallEntry
declare const redacted: RedactedEntry

/** Judged by the type check of `npm run check`: each of these must fail to compile, or the check fails. */
export function mustNotCompile(log: Pick<CallLog, 'append'>): void {
  // @ts-expect-error An entry that no redactor made.
  log.append(entry)
  // @ts-expect-error Not by writing it down either.
  log.append({ ...entry, content: null, redaction: 'strict' })
  // @ts-expect-error Nor with a field that looks like the one that holds it.
  log.append({ content: entry })
  // @ts-expect-error What the redactor made has no field to take it apart by.
  redacted.content
  log.append(redacted)
}

it('an entry that was not redacted does not compile, and what is added to a redacted one is never read', () => {
  const facts = { method: 'GET', status: 200, code: null, at: 0 } as CallEntry
  const made = redactStrictly(facts)
  const added = { ...made, content: 'everything', requestBody: 'secret' }
  assert.equal(entryOf(added), entryOf(made))
  assert.equal(entryOf(added).content, null)
  assert.deepEqual(Object.keys(made), [])
})
