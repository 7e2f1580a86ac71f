type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** Applies a JSON merge patch (RFC 7396 2). Names that reach into prototypes are refused at the edge and skipped here. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (name === '__proto__') continue
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value) as Json)
  }
  return Object.fromEntries(merged)
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
