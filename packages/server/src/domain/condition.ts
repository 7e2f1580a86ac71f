import type { Condition } from '@behalf/contract'
import { at } from './json-pointer.ts'

/** An answer as conditions see it; `document` is undefined where the body is no JSON or was not read. */
export type Answered = {
  readonly status: number
  readonly header: (name: string) => string | null | undefined
  readonly document?: unknown
}

/** Whether everything a condition says holds. */
function holds(condition: Condition, { status, header, document }: Answered): boolean {
  if (condition.status !== undefined && !condition.status.includes(status)) return false
  if (condition.header !== undefined) {
    const value = header(condition.header)?.toLowerCase()
    if (value === undefined || !value.includes(condition.contains?.toLowerCase() ?? '')) return false
  }
  if (condition.pointer === undefined) return true
  const value = at(document, condition.pointer)
  if (condition.equals !== undefined) return condition.equals.some(one => one === value)
  const present = value !== undefined && value !== null && value !== ''
  return present === condition.present
}

/** Whether any of them holds. */
export const anyHolds = (conditions: readonly Condition[], answered: Answered): boolean =>
  conditions.some(condition => holds(condition, answered))
