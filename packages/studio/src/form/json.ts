import type { Json } from '@behalf/sdk'

export type JsonObject = { readonly [name: string]: Json }
export type Path = readonly string[]

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const getAt = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>((part, name) => {
    if (Array.isArray(part)) return part[Number(name)]
    return isObject(part) ? part[name] : undefined
  }, value)

/** The same object with another value at a path; undefined takes it out, and what is empty then goes with it. */
export function setAt(object: JsonObject, path: Path, value: Json | undefined): JsonObject {
  const [name, ...rest] = path
  if (name === undefined) return object
  const { [name]: before, ...others } = object
  if (Array.isArray(before) && rest.length > 0) return { ...object, [name]: setInList(before, rest, value) }
  if (rest.length === 0) return value === undefined ? others : { ...object, [name]: value }
  const inner = setAt(isObject(before) ? before : {}, rest, value)
  return Object.keys(inner).length === 0 && value === undefined ? others : { ...object, [name]: inner }
}

function setInList(list: readonly Json[], [index = '', ...rest]: Path, value: Json | undefined): readonly Json[] {
  const place = Number(index)
  if (rest.length === 0) return value === undefined ? list.toSpliced(place, 1) : list.toSpliced(place, 1, value)
  const item = list[place]
  return list.toSpliced(place, 1, setAt(isObject(item) ? item : {}, rest, value))
}

export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map(item => sorted(item) ?? null)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(name => [name, sorted(value[name]) ?? null]),
  )
}

/** The merge patch (RFC 7396) that leads from one object to another. */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, Json> = {}
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[name], to[name]]
    if (same(before, after)) continue
    if (after === undefined) patch[name] = null
    else patch[name] = isObject(before) && isObject(after) ? mergePatch(before, after) : after
  }
  return patch
}

/** Every leaf that differs, as a path with both values. */
export function differences(from: Json | undefined, to: Json | undefined, path: Path = []): Difference[] {
  if (same(from, to)) return []
  if (!isObject(from) || !isObject(to)) return [{ path, from, to }]
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap(name =>
    differences(from[name], to[name], [...path, name]),
  )
}
export type Difference = { readonly path: Path; readonly from: Json | undefined; readonly to: Json | undefined }

/** What both changed from a common base, and to different values. */
export function clashes(base: JsonObject, mine: JsonObject, theirs: JsonObject): Difference[] {
  const changed = new Set(differences(base, mine).map(({ path }) => path.join('/')))
  return differences(base, theirs)
    .filter(({ path }) => changed.has(path.join('/')))
    .map(({ path, to }) => ({ path, from: getAt(mine, path), to }))
    .filter(({ from, to }) => !same(from, to))
}

export const pointerOf = (path: Path): string =>
  path.map(name => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
