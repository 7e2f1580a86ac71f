import type { StoredConnectorDefinition, Variable } from '@behalf/contract'
import { fill } from './template.ts'
import { allValues } from './variables.ts'

const START = /^(?:(https?:\/\/)([^/?#]*)|\{([a-z][a-z0-9_]*)\})/

/**
 * The origins a URL template can lead to: one for a URL without variables, `https://*.example.com` where one is chosen. What the organization
 * set counts as written out.
 */
export function hostPatterns(
  definition: Pick<StoredConnectorDefinition, 'variables'> &
    Partial<Pick<StoredConnectorDefinition, 'environment' | 'environments'>>,
  template: string,
): readonly string[] {
  const { variables } = definition
  const set = allValues({ ...definition, variables: onlySet(variables) }, {})
  const parts = START.exec(template)
  if (parts === null) return []
  const [, scheme = 'https://', authority = '', whole] = parts
  const chosen = whole ?? /^\{([a-z][a-z0-9_]*)\}$/.exec(authority)?.[1]
  const variable = chosen === undefined ? undefined : variables[chosen]
  const value = chosen === undefined ? undefined : set[chosen]
  if (value !== undefined) return [originOf(whole === undefined ? scheme + value : value)]
  if (variable !== undefined && variable.type !== 'label')
    return variable.host_suffixes?.flatMap(under) ?? variable.enum?.map(origin) ?? []
  return [originOf(scheme + (fill(authority, withStars(authority, set)) ?? authority))]
}

const onlySet = (variables: Readonly<Record<string, Variable>>): Record<string, Variable> =>
  Object.fromEntries(Object.entries(variables).filter(([, { source }]) => source === 'organization'))

const withStars = (authority: string, set: Readonly<Record<string, string>>) => {
  const names = [...authority.matchAll(/\{([a-z][a-z0-9_]*)\}/g)].map(match => match[1] ?? '')
  return Object.fromEntries(names.map(name => [name, set[name] ?? '*']))
}

const literal = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])(:\d+)?$/
const under = (suffix: string): readonly string[] =>
  literal.test(suffix) ? [`http://${suffix}`, `https://${suffix}`] : [`https://${suffix}`, `https://*.${suffix}`]
const origin = (text: string): string => originOf(/^https?:/.test(text) ? text : `https://${text}`)
/** Of a URL; a pattern is no URL and stays as it is. */
const originOf = (text: string): string => (text.includes('*') ? text : (URL.parse(text)?.origin ?? text))
