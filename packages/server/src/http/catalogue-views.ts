import type * as wire from '@behalf/contract'
import type { Preset } from '@behalf/contract'
import type { z } from 'zod'
import { chosenFieldsOf, definitionOf, gradesOf, isComplete, openFieldsOf } from '../domain/preset.ts'
import type { ConnectorCheck } from '../flows/check/check-connector.ts'

export const viewCheck = ({ connector, checkedAt, results }: ConnectorCheck): z.infer<typeof wire.connectorCheck> => ({
  connector,
  checked_at: new Date(checkedAt).toISOString(),
  passed: results.every(({ outcome }) => outcome !== 'failed'),
  results: [...results],
})

export const viewPresetSummary = (preset: Preset): z.infer<typeof wire.presetSummary> => ({
  name: preset.name,
  display_name: preset.display_name,
  display_description: preset.display_description ?? null,
  documentation_url: preset.documentation_url ?? null,
  categories: preset.categories,
  icon_url: `/catalogue/${preset.name}.svg`,
  complete: isComplete(preset),
  grades: gradesOf(preset),
})

export const viewPreset = (preset: Preset): z.infer<typeof wire.presetView> => ({
  ...viewPresetSummary(preset),
  blocks: Object.fromEntries(Object.entries(preset.blocks).map(([name, { set: _, ...block }]) => [name, block])),
  to_fill_in: openFieldsOf(preset).map(withChoices),
  chosen: chosenFieldsOf(preset).map(withChoices),
  definition: definitionOf(preset) as z.infer<typeof wire.presetView>['definition'],
})

function withChoices<Field extends { readonly choices: readonly string[] | null }>({ choices, ...field }: Field) {
  return { ...field, choices: choices && [...choices] }
}
