import type { Fault } from '@behalf/contract'
import { BrokerError } from './broker-error.ts'

type Schema<Value> = {
  safeParse(
    input: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } }
}
type Issue = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string | undefined
  readonly keys?: readonly string[]
}

/** Parses with a schema of the contract. Throws `invalid_request` with a JSON pointer (RFC 6901) to each fault. */
export function parseWhole<Value>(schema: Schema<Value>, input: unknown, detail = 'The body is not valid.'): Value {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new BrokerError('invalid_request', {
    detail,
    errors: parsed.error.issues.flatMap(toFaults).slice(0, 50),
  })
}

function toFaults(issue: Issue): readonly Fault[] {
  if (issue.keys === undefined || issue.code !== 'unrecognized_keys')
    return [{ pointer: toPointer(issue.path), reason: issue.message }]
  return issue.keys.map(key => ({ pointer: toPointer([...issue.path, key]), reason: 'unknown field' }))
}

const toPointer = (path: readonly PropertyKey[]): string =>
  path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}`).join('')
