import { type Grade, PRESET_BLOCKS, type Preset, type PresetBlock } from '@behalf/contract'
import { mergePatch } from './merge-patch.ts'

type Json = Readonly<Record<string, unknown>>

/** The grade of each block that a preset has. */
export const gradesOf = ({ blocks }: Preset): Partial<Record<PresetBlock, Grade>> =>
  Object.fromEntries(PRESET_BLOCKS.flatMap(name => (blocks[name] === undefined ? [] : [[name, blocks[name].grade]])))

/** Whether every block is there, none is unchecked, and the provider's documentation is named. */
export const isComplete = (preset: Preset): boolean =>
  preset.documentation_url !== undefined &&
  PRESET_BLOCKS.every(name => preset.blocks[name] !== undefined && preset.blocks[name].grade !== 'unchecked')

/** The connector definition a preset makes, without what is left to fill in. */
export function definitionOf(preset: Preset): Json {
  const head = {
    name: preset.name,
    display_name: preset.display_name,
    ...(preset.display_description === undefined ? {} : { display_description: preset.display_description }),
    ...(preset.documentation_url === undefined ? {} : { documentation_url: preset.documentation_url }),
    ...(preset.categories.length === 0 ? {} : { categories: preset.categories }),
    icon: preset.name,
    ...(Object.keys(preset.variables).length === 0 ? {} : { variables: preset.variables }),
    ...(Object.keys(preset.environments).length === 0 ? {} : { environments: preset.environments }),
    auth: { scope: [] },
  }
  return PRESET_BLOCKS.reduce<unknown>((whole, name) => mergePatch(whole, preset.blocks[name]?.set ?? {}), head) as Json
}

/** How many providers there are, how many are complete, and the grades of each block. */
export function tally(presets: readonly Preset[]) {
  const count = (name: PresetBlock, grade: Grade) =>
    presets.filter(({ blocks }) => blocks[name]?.grade === grade).length
  const grades = Object.fromEntries(
    PRESET_BLOCKS.map(name => [
      name,
      {
        verified: count(name, 'verified'),
        reported: count(name, 'reported'),
        unchecked: count(name, 'unchecked'),
      },
    ]),
  )
  return { providers: presets.length, complete: presets.filter(isComplete).length, grades }
}

/** A field of a connector definition that a preset leaves open. */
export type OpenField = {
  readonly pointer: string
  readonly label: string
  readonly help: string | null
  readonly example: string | null
  readonly choices: readonly string[] | null
  readonly secret: boolean
}

/** What a preset leaves to fill in: the client, its secret, the environment, and the organization's variables that have no value in any. */
export function openFieldsOf(preset: Preset): readonly OpenField[] {
  const auth = (definitionOf(preset)['auth'] ?? {}) as Json
  const plain = { help: null, example: null, choices: null }
  const method = auth['client_authentication']
  return [
    { ...plain, pointer: '/auth/client_id', label: 'Client ID', secret: false },
    ...(method === 'none' || method === 'private_key_jwt' || method === 'tls_client_auth'
      ? []
      : [{ ...plain, pointer: '/auth/client_secret', label: 'Client Secret', secret: true }]),
    ...(method === 'private_key_jwt'
      ? [{ ...plain, pointer: '/auth/secrets/private_key', label: 'Private key', secret: true }]
      : []),
    ...openEnvironment(preset),
    ...Object.entries(preset.variables).flatMap(([name, variable]) =>
      isInEach(preset, name) ? [] : openVariable(name, variable as Json),
    ),
  ]
}

/** A field of a connector definition that a preset chooses, and an organization may want otherwise. */
export type ChosenField = Pick<OpenField, 'pointer' | 'label' | 'help' | 'choices'> & { readonly value: string }

/** What a preset chooses for the organization: the environment that its values stand for, and variables with a value that is in no environment. */
export function chosenFieldsOf(preset: Preset): readonly ChosenField[] {
  const own = Object.entries(preset.variables as Readonly<Record<string, Json>>).filter(
    ([, { source = 'organization', secret = false }]) => source === 'organization' && secret === false,
  )
  const valued = own.flatMap(([name, variable]) => {
    const value = variable['value'] ?? variable['default']
    return typeof value === 'string' ? [{ name, variable, value }] : []
  })
  const stood = Object.entries(preset.environments).find(([, set]) =>
    Object.entries(set).every(([name, value]) => valued.some(one => one.name === name && one.value === value)),
  )
  const environment = { pointer: '/environment', label: 'Environment', help: null }
  const choices = Object.keys(preset.environments)
  return [
    ...(stood === undefined ? [] : [{ ...environment, value: stood[0], choices }]),
    ...valued
      .filter(({ name }) => !isInEach(preset, name))
      .map(({ name, variable, value }) => ({
        pointer: `/variables/${name}/value`,
        label: String(variable['label'] ?? name),
        help: textOrNull(variable['help']),
        value,
        choices: choicesOf(variable),
      })),
  ]
}

const isInEach = ({ environments }: Preset, variable: string): boolean => {
  const sets = Object.values(environments)
  return sets.length > 0 && sets.every(set => Object.hasOwn(set, variable))
}

/** Asked for where a variable has its value from it alone. */
function openEnvironment(preset: Preset): readonly OpenField[] {
  const hangs = Object.entries(preset.variables).some(
    ([name, variable]) => isInEach(preset, name) && openVariable(name, variable as Json).length > 0,
  )
  if (!hangs) return []
  const plain = { pointer: '/environment', label: 'Environment', help: null, example: null, secret: false }
  return [{ ...plain, choices: Object.keys(preset.environments) }]
}

function openVariable(name: string, variable: Json): readonly OpenField[] {
  const source = variable['source'] ?? 'organization'
  if (source !== 'organization' || variable['value'] !== undefined || variable['default'] !== undefined) return []
  const secret = variable['secret'] === true
  return [
    {
      pointer: secret ? `/auth/secrets/variables/${name}` : `/variables/${name}/value`,
      label: String(variable['label'] ?? name),
      help: textOrNull(variable['help']),
      example: textOrNull(variable['example']),
      choices: choicesOf(variable),
      secret,
    },
  ]
}

const choicesOf = ({ enum: choices }: Json): readonly string[] | null =>
  Array.isArray(choices) ? choices.map(String) : null
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
