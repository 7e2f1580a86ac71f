import type { RedactionPolicy } from '@behalf/contract'
import { holdsEmail, isPlainName, mask } from './mask.ts'
import { type CallPart, REDACTED, type Removals } from './removals.ts'
import type { Scrub } from './scrub.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
export type LoosePolicy = Exclude<RedactionPolicy, 'strict'>

const DEEPEST = 32
const MOST_VALUES = 1_000
const NESTED = 3

/**
 * JSON as it may be kept. Permissive: whole, without secrets. Standard: its structure, names, `true`, `false` and `null`; every other value
 * masked, because no rule tells personal data from other data. Under both, what a secret's name holds is gone whole.
 */
export function redactJson(
  policy: LoosePolicy,
  value: unknown,
  {
    part,
    scrub,
    removals,
    isSecret,
  }: {
    readonly part: CallPart
    readonly scrub: Scrub
    readonly removals: Removals
    readonly isSecret: (name: string) => boolean
  },
): Json {
  let left = MOST_VALUES
  return walk(value, '', 0, 0)

  function walk(at: unknown, path: string, depth: number, nested: number): Json {
    left -= 1
    if (depth > DEEPEST) return removed('too_deep', path)
    if (Array.isArray(at)) return list(at, path, depth, nested)
    if (typeof at === 'object' && at !== null) return object(at as Record<string, unknown>, path, depth, nested)
    if (typeof at === 'string') return text(at, path, depth, nested)
    if (typeof at === 'number') return number(at, path)
    return typeof at === 'boolean' ? at : null
  }

  function list(items: readonly unknown[], path: string, depth: number, nested: number): Json {
    const kept: Json[] = []
    for (const [index, item] of items.entries()) {
      if (left <= 0) {
        removals.note(part, 'too_large', `${path}/${index}`)
        break
      }
      kept.push(walk(item, `${path}/${index}`, depth + 1, nested))
    }
    return kept
  }

  function object(members: Record<string, unknown>, path: string, depth: number, nested: number): Json {
    const kept: [string, Json][] = []
    for (const [index, [name, member]] of Object.entries(members).entries()) {
      if (left <= 0) {
        removals.note(part, 'too_large', path)
        break
      }
      const shown = nameOf(name, path, index)
      const below = `${path}/${shown.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 80)}`
      if (isSecret(name)) left -= 1
      kept.push([
        shown,
        isSecret(name) && member !== null ? removed('secret', below) : walk(member, below, depth + 1, nested),
      ])
    }
    return Object.fromEntries(kept)
  }

  // A name can be a value: people keyed by e-mail, secrets as names.
  function nameOf(name: string, path: string, index: number): string {
    const cleaned = scrub.clean(name)
    if (cleaned === name && (policy === 'permissive' || isPlainName(name))) return name
    removals.note(part, cleaned === name ? 'name' : 'secret', path)
    return `${REDACTED} ${index + 1}`
  }

  function text(value: string, path: string, depth: number, nested: number): Json {
    const inner = policy === 'permissive' && nested < NESTED && /^\s*[[{]/.test(value) ? parsed(value) : undefined
    if (inner !== undefined) return JSON.stringify(walk(inner.value, path, depth + 1, nested + 1))
    const cleaned = scrub.clean(value)
    if (policy === 'permissive') {
      if (cleaned !== value) removals.note(part, 'secret', path)
      return cleaned
    }
    if (cleaned !== value) return removed('secret', path)
    return holdsEmail(value) ? removed('email', path) : masked(value, path)
  }

  function number(value: number, path: string): Json {
    if (scrub.finds(String(value))) return removed('secret', path)
    return policy === 'permissive' ? value : masked(String(value), path)
  }

  function masked(value: string, path: string): string {
    removals.note(part, 'masked', path)
    return mask(value)
  }

  function removed(kind: 'secret' | 'email' | 'too_deep', path: string): string {
    removals.note(part, kind, path)
    return REDACTED
  }
}

/** Undefined where the text is no JSON. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
