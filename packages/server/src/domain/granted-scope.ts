import type { PublicAuth } from './connector.ts'

type Rules = Pick<PublicAuth, 'scope_aliases' | 'optional_scope' | 'refresh_scope'>

/** Whether a scope is held: under its own name, or under one of those the provider grants it as. */
const isHeld = ({ scope_aliases }: Pick<Rules, 'scope_aliases'>, scope: string, held: readonly string[]): boolean =>
  held.includes(scope) || (scope_aliases[scope]?.some(alias => held.includes(alias)) ?? false)

/** Scopes that are wanted and not there, whatever they are called. */
export const lacking = (
  rules: Pick<Rules, 'scope_aliases'>,
  wanted: readonly string[],
  held: readonly string[],
): readonly string[] => wanted.filter(scope => !isHeld(rules, scope, held))

/** The same, without those nobody misses: optional ones, and those that only bring a refresh token. */
export const missed = (rules: Rules, wanted: readonly string[], held: readonly string[]): readonly string[] =>
  lacking(rules, wanted, held).filter(
    scope => !rules.optional_scope.includes(scope) && !rules.refresh_scope.includes(scope),
  )

/** Scopes that were granted and not asked for, under any name. */
export function unasked(
  { scope_aliases }: Pick<Rules, 'scope_aliases'>,
  asked: readonly string[],
  held: readonly string[],
): readonly string[] {
  const expected = new Set([...asked, ...asked.flatMap(scope => scope_aliases[scope] ?? [])])
  return held.filter(scope => !expected.has(scope))
}
