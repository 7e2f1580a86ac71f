import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Preset, preset } from '@behalf/contract'

/** Where the data files are. */
export const PROVIDERS = join(import.meta.dirname, 'providers')
const FILE = /^([a-z][a-z0-9-]{1,62})\.json$/

/** The providers of a folder, one JSON file each. Files are read when they are asked for, and kept. */
export function createCatalogue(folder = PROVIDERS) {
  let names: Promise<ReadonlySet<string>> | undefined
  const read = new Map<string, Promise<Preset>>()

  const known = () => {
    names ??= listNames(folder)
    return names
  }
  const load = (name: string) => {
    const loading = read.get(name) ?? readPreset(folder, name)
    read.set(name, loading)
    return loading
  }
  return {
    all: async (): Promise<readonly Preset[]> => Promise.all([...(await known())].map(load)),
    byName: async (name: string): Promise<Preset | undefined> => ((await known()).has(name) ? load(name) : undefined),
  }
}

/** The names of a folder's data files, in order. */
export async function listNames(folder = PROVIDERS): Promise<ReadonlySet<string>> {
  const files = await readdir(folder)
  return new Set(files.flatMap(file => FILE.exec(file)?.[1] ?? []).sort())
}

async function readPreset(folder: string, name: string): Promise<Preset> {
  return preset.parse(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')))
}
