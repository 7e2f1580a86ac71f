import { BootError } from '@behalf/server/config'
import { openCatalogue } from '@behalf/server/main'
import type { Arguments } from './parse.ts'

/** The catalogue's providers, a line each. */
export async function catalogueList({ flags, optional }: Arguments): Promise<number> {
  const category = optional('category')
  const presets = (await openCatalogue().list()).filter(
    ({ categories }) => category === undefined || categories.includes(category),
  )
  const complete = presets.filter(preset => preset.complete).length
  const lines = presets.map(({ name, display_name, complete: isComplete, grades }) =>
    [name.padEnd(28), isComplete ? 'complete' : '        ', worst(Object.values(grades)).padEnd(10), display_name].join(
      '  ',
    ),
  )
  print(
    flags.has('json'),
    { items: presets },
    [
      ...lines,
      '',
      `${presets.length} providers, ${complete} complete. The third column is the least grade of a block.`,
    ].join('\n'),
  )
  return 0
}

/** One provider: what its preset fills in, from which sources, and what is left to fill in. */
export async function catalogueShow({ flags, words: [name = ''] }: Arguments): Promise<number> {
  const preset = await openCatalogue().show(name)
  if (preset === undefined) throw new BootError(`the catalogue has no ${name}; see behalf catalogue list`)
  const blocks = Object.entries(preset.blocks).flatMap(([block, { grade, sources, note }]) => [
    `${block.padEnd(14)}  ${grade}`,
    ...sources.map(({ at, read_on }) => `                ${at}${read_on === undefined ? '' : `, read on ${read_on}`}`),
    ...(note === undefined ? [] : [`                ${note}`]),
  ])
  const open = preset.to_fill_in.map(({ pointer, label }) => `  ${pointer.padEnd(40)}  ${label}`)
  const chosen = preset.chosen.map(({ pointer, value }) => `  ${pointer.padEnd(40)}  ${value}`)
  const words = [
    `${preset.display_name}${preset.complete ? ', complete' : ''}`,
    ...(preset.documentation_url === null ? [] : [preset.documentation_url]),
    '',
    ...blocks,
    '',
    'To fill in:',
    ...open,
    '',
    ...(chosen.length === 0 ? [] : ['Chosen, unless you say otherwise:', ...chosen, '']),
    'Definition:',
    JSON.stringify(preset.definition, null, 2),
  ]
  print(flags.has('json'), preset, words.join('\n'))
  return 0
}

/** Judges every data file; 1 where one has a fault. */
export async function catalogueLint({ flags }: Arguments): Promise<number> {
  const { providers, complete, grades, faults } = await openCatalogue().lint()
  const counts = Object.entries(grades).map(
    ([block, by]) =>
      `  ${block.padEnd(14)}  ${by.verified} verified, ${by.reported} reported, ${by.unchecked} unchecked`,
  )
  const words = [
    ...faults.map(({ file, pointer, reason }) => `${file}${pointer}: ${reason}`),
    `${providers} providers, ${complete} complete, ${faults.length} faults`,
    ...counts,
  ]
  print(flags.has('json'), { providers, complete, grades, faults }, words.join('\n'))
  return faults.length === 0 ? 0 : 1
}

const worst = (grades: readonly string[]): string =>
  ['unchecked', 'reported', 'verified'].find(grade => grades.includes(grade)) ?? ''

const print = (json: boolean, value: unknown, words: string): void =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`)
