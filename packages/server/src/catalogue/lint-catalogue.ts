import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectorDefinition, PRESET_BLOCKS, type Preset, type PresetBlock, preset } from '@behalf/contract'
import { mergePatch } from '../domain/merge-patch.ts'
import { definitionOf, openFieldsOf } from '../domain/preset.ts'
import { BLOCK_FIELDS } from './block-fields.ts'
import { listNames, PROVIDERS } from './catalogue.ts'

/** What is wrong in which data file, and where (JSON pointer, RFC 6901). */
export type CatalogueFault = { readonly file: string; readonly pointer: string; readonly reason: string }

/** Judges every data file of a folder by the one set of rules. */
export async function lintCatalogue(folder = PROVIDERS): Promise<{
  readonly presets: readonly Preset[]
  readonly faults: readonly CatalogueFault[]
}> {
  const presets: Preset[] = []
  const faults: CatalogueFault[] = []
  for (const name of listNames(folder)) {
    const judged = judgeFile(name, await readFile(join(folder, `${name}.json`), 'utf8'))
    faults.push(...judged.faults.map(fault => ({ file: `${name}.json`, ...fault })))
    if (judged.preset !== undefined) presets.push(judged.preset)
  }
  return { presets, faults: [...faults, ...sharedNames(presets)] }
}

type Fault = Omit<CatalogueFault, 'file'>
type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

/** Judges one data file by itself. */
export function judgeFile(name: string, text: string): { readonly preset?: Preset; readonly faults: readonly Fault[] } {
  const json = parseJson(text)
  if (json === undefined) return { faults: [{ pointer: '', reason: 'is not JSON' }] }
  const parsed = preset.safeParse(json)
  if (!parsed.success) return { faults: parsed.error.issues.map(toFault) }
  const found = parsed.data
  const named = found.name === name ? [] : [{ pointer: '/name', reason: `must be ${name}, as the file is named` }]
  return {
    preset: found,
    faults: [...named, ...PRESET_BLOCKS.flatMap(block => judgeBlock(found, block)), ...judgeDefinition(found)],
  }
}

function judgeBlock({ blocks }: Preset, name: PresetBlock): readonly Fault[] {
  const block = blocks[name]
  if (block === undefined)
    return name === 'authorization' || name === 'token' ? [{ pointer: `/blocks/${name}`, reason: 'is missing' }] : []
  const at = `/blocks/${name}`
  const foreign = Object.keys(flatten(block.set))
    .filter(field => !BLOCK_FIELDS[name].some(own => field === own || field.startsWith(`${own}/`)))
    .map(field => ({ pointer: `${at}/set${field}`, reason: `is no field of the block ${name}` }))
  return [...foreign, ...judgeSources(block).map(reason => ({ pointer: `${at}/sources`, reason }))]
}

function judgeSources({ grade, sources }: NonNullable<Preset['blocks'][PresetBlock]>): readonly string[] {
  const read = sources.filter(({ read_on }) => read_on !== undefined)
  const origins = new Set(sources.map(({ at }) => originOf(at)))
  if (grade === 'verified')
    return read.some(({ at }) => at.startsWith('https://')) ? [] : ['verified needs a page with the day it was read']
  return [
    ...(read.length > 0 ? [`${grade} has no day of reading`] : []),
    ...(grade === 'reported' && origins.size < 2 ? ['reported needs two independent code bases'] : []),
  ]
}

/** What makes two sources one: the package, the repository or the site. */
function originOf(at: string): string {
  const [, packageName] = /^pkg:npm\/((?:%40[^/]+\/)?[^@#/]+)/.exec(at) ?? []
  if (packageName !== undefined) return packageName
  const { host, pathname } = new URL(at)
  return host === 'github.com' ? `${host}${pathname.split('/').slice(0, 3).join('/')}` : host
}

/** With samples for what is left to fill in, a preset is a whole connector definition. */
function judgeDefinition(found: Preset): readonly Fault[] {
  const parsed = connectorDefinition.safeParse(filledWithSamples(found))
  return parsed.success ? [] : parsed.error.issues.map(toFault)
}

/** The definition a preset makes, with samples for what is left to fill in. */
export function filledWithSamples(found: Preset): unknown {
  return openFieldsOf(found).reduce<unknown>(
    (whole, { pointer, choices, example }) =>
      mergePatch(whole, atPointer(pointer, choices?.[0] ?? example ?? SAMPLES[pointer] ?? 'sample')),
    definitionOf(found),
  )
}
const SAMPLES: Readonly<Record<string, string>> = {
  '/auth/secrets/private_key': '-----BEGIN PRIVATE KEY-----\nsample\n-----END PRIVATE KEY-----\n',
}
const atPointer = (pointer: string, value: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduceRight<unknown>((inner, part) => ({ [part]: inner }), value)

function sharedNames(presets: readonly Preset[]): readonly CatalogueFault[] {
  const groups = Map.groupBy(presets, ({ display_name }) => display_name.toLowerCase())
  return [...groups.values()]
    .filter(group => group.length > 1)
    .flatMap(group =>
      group.map(({ name }) => ({ file: `${name}.json`, pointer: '/display_name', reason: 'is used twice' })),
    )
}

function flatten(value: unknown, at = ''): Readonly<Record<string, true>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [at]: true }
  const entries = Object.entries(value)
  if (entries.length === 0) return { [at]: true }
  return Object.assign({}, ...entries.map(([name, inner]) => flatten(inner, `${at}/${name}`)))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const toFault = ({ path, message }: Issue): Fault => ({
  pointer: path.map(part => `/${String(part)}`).join(''),
  reason: message,
})
