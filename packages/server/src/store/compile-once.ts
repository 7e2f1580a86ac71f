import type { Compilable } from 'kysely'
import type { Engine } from './engine.ts'

type Value = string | number | Uint8Array
type Compiled = { readonly sql: string; readonly parameters: readonly unknown[] }

/**
 * A query on a hot path, built and compiled once: each later use only puts its values in. `make` must use every value as it is, so that the same
 * SQL comes out whatever they are.
 */
export function compileOnce<Args extends readonly Value[]>(
  make: (...values: Args) => Compilable<unknown>,
): (...values: Args) => Compiled {
  let known: { readonly sql: string; readonly slots: readonly (number | { readonly constant: unknown })[] } | undefined

  return (...values) => {
    known ??= compiled(values.length)
    const { sql, slots } = known
    return { sql, parameters: slots.map(slot => (typeof slot === 'number' ? values[slot] : slot.constant)) }
  }

  function compiled(count: number) {
    const marks = Array.from({ length: count }, () => ({}))
    const { sql, parameters } = make(...(marks as unknown as Args)).compile()
    const slots = parameters.map(parameter => {
      const at = marks.indexOf(parameter as object)
      return at === -1 ? { constant: parameter } : at
    })
    if (marks.some((_, at) => !slots.includes(at))) throw new Error('a query compiled once must use each of its values')
    return { sql, slots }
  }
}

/** A read that is compiled once. */
export function preparedRead<Args extends readonly Value[], Output>(
  engine: Pick<Engine, 'read'>,
  make: (...values: Args) => Compilable<Output>,
): (...values: Args) => Promise<readonly Output[]> {
  const compiled = compileOnce(make)
  // The engine asks a query for its SQL and values, and nothing else.
  return (...values) => engine.read({ compile: () => compiled(...values) } as unknown as Compilable<Output>)
}
