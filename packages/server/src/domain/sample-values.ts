import type { Variable } from '@behalf/contract'
import type { Values } from './template.ts'
import { allValues } from './variables.ts'

/** A value for every variable, real where it is known: by these a definition is shown before anybody connected. */
export function sampleValues(definition: Parameters<typeof allValues>[0], given: Values = {}): Values {
  const known = allValues(definition, given)
  const samples = Object.entries(definition.variables).map(([name, variable]) => [
    name,
    known[name] ?? sample(name, variable),
  ])
  return Object.fromEntries(samples)
}

function sample(name: string, { type, example, enum: choices, host_suffixes }: Variable): string {
  if (choices !== undefined) return choices[0] ?? name
  if (example !== undefined) return example
  const host = host_suffixes?.[0] ?? 'host.example'
  if (type === 'host') return host
  if (type === 'url') return /^(localhost|\d|\[)/.test(host) ? `http://${host}` : `https://${host}`
  return name.replaceAll('_', '-')
}
