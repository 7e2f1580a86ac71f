import { printable, withoutSecrets } from '../../domain/provider-text.ts'
import type { Secret } from '../../domain/secret.ts'

const MOST = 300
const LONGEST = 65_536

/**
 * What an answer says for itself behind its status, in one line: `error` and `error_description` (RFC 6749 5.2), what APIs put in their place, or
 * the title of a page. The status alone where it says nothing.
 */
export function wordsOf(status: number, text: string, secrets: readonly Secret[]): string {
  const said = ofDocument(text.slice(0, LONGEST)) ?? ofPage(text.slice(0, LONGEST))
  const words = said === undefined ? '' : printable(withoutSecrets(said, secrets), MOST)
  return words === '' ? `HTTP ${status}` : `HTTP ${status}, ${words}`
}

function ofDocument(text: string): string | undefined {
  try {
    return ofValue(JSON.parse(text), 2)
  } catch {
    return undefined
  }
}

const MEMBERS = ['error', 'errors', 'code', 'type', 'error_description', 'message', 'detail', 'title'] as const

/** What stands under the usual names, however it is wrapped. */
function ofValue(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return ofValue(value[0], depth)
  const found = MEMBERS.map(name =>
    Object.hasOwn(value, name) ? ofValue((value as Readonly<Record<string, unknown>>)[name], depth - 1) : undefined,
  ).filter(each => each !== undefined)
  return found.length === 0 ? undefined : [...new Set(found)].join(': ')
}

const ofPage = (text: string): string | undefined => /<title[^>]{0,100}>([^<]{1,400})/i.exec(text)?.[1]
