import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Preset } from '@behalf/contract'

/** Where the data files are. */
export const PROVIDERS = join(import.meta.dirname, 'providers')
const FILE = /^([a-z][a-z0-9-]{1,62})\.json$/

/**
 * The providers of a folder, one JSON file each. Files are read when they are asked for, and kept. They are our own: the linter judges them
 * before they are shipped, and what a preset makes is judged as a whole definition when it is used, so that reading all of them costs a few milliseconds.
 */
export function createCatalogue(folder = PROVIDERS) {
  let names: ReadonlySet<string> | undefined
  const read = new Map<string, Preset>()

  const known = () => {
    names ??= listNames(folder)
    return names
  }
  const load = (name: string) => {
    const preset = read.get(name) ?? readPreset(folder, name)
    read.set(name, preset)
    return preset
  }
  return {
    all: async (): Promise<readonly Preset[]> => [...known()].map(load),
    byName: async (name: string): Promise<Preset | undefined> => (known().has(name) ? load(name) : undefined),
  }
}

/** The names of a folder's data files, in order. */
export const listNames = (folder = PROVIDERS): ReadonlySet<string> =>
  new Set(
    readdirSync(folder)
      .flatMap(file => FILE.exec(file)?.[1] ?? [])
      .sort(),
  )

const readPreset = (folder: string, name: string): Preset => ({
  categories: [],
  variables: {},
  environments: {},
  ...(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Partial<Preset> &
    Pick<Preset, 'name' | 'display_name' | 'blocks'>),
})
