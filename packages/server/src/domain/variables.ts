import type { StoredConnectorDefinition, Variable } from '@behalf/contract'
import { fill, type Values } from './template.ts'

const LONGEST = 500
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]+(?::\d{1,5})?$|^localhost(?::\d{1,5})?$/
const LITERAL_HOST = /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/

type Declared = Pick<StoredConnectorDefinition, 'variables'> &
  Partial<Pick<StoredConnectorDefinition, 'environment' | 'environments'>>

/** What the organization set for a variable: the value of the chosen environment, else the variable's own. */
export function setValue({ variables, environment, environments }: Declared, name: string): string | undefined {
  const chosen = environment === undefined ? undefined : environments?.[environment]
  if (variables[name]?.source !== 'organization') return undefined
  return (chosen !== undefined && Object.hasOwn(chosen, name) ? chosen[name] : undefined) ?? variables[name]?.value
}

/** A value as its variable takes it, in canonical form; undefined where it does not. SECURITY: the door for what people and answers put into hosts. */
export function admitted(variable: Variable, raw: string): string | undefined {
  const text = raw.trim()
  if (text === '' || text.length > LONGEST || CONTROL.test(text)) return undefined
  const value = inForm(variable, text)
  if (value === undefined) return undefined
  if (variable.enum !== undefined && !variable.enum.includes(value)) return undefined
  return variable.pattern === undefined || patternOf(variable.pattern).test(value) ? value : undefined
}

function inForm({ type, host_suffixes }: Variable, text: string): string | undefined {
  if (type === 'text') return text
  const lower = text.toLowerCase()
  if (type === 'label') return LABEL.test(lower) ? lower : undefined
  if (type === 'host') return HOST.test(lower) && isUnder(lower, host_suffixes) ? lower : undefined
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || /[?#\\\s]/.test(text)) return undefined
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LITERAL_HOST.test(url.hostname))) return undefined
  return isUnder(url.host, host_suffixes) ? url.href.replace(/\/$/, '') : undefined
}

const isUnder = (host: string, suffixes: readonly string[] | undefined): boolean =>
  suffixes === undefined || suffixes.some(suffix => host === suffix || host.endsWith(`.${suffix}`))

const patterns = new Map<string, RegExp>()
function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(`^(?:${text})$`)
  if (patterns.size < 1_000) patterns.set(text, known)
  return known
}

/** What a person is asked before connecting. */
export const askedVariables = ({ variables }: Declared): readonly (readonly [name: string, variable: Variable])[] =>
  Object.entries(variables).filter(([, { source }]) => source === 'person')

/** Every value there is: the organization's, the connection's own, and defaults in the order they were declared. Secret ones are not among them. */
export function allValues(declared: Declared, own: Values): Values {
  const { variables } = declared
  const values: Record<string, string> = {}
  for (const [name, variable] of Object.entries(variables)) {
    const given = variable.source === 'organization' ? setValue(declared, name) : own[name]
    const otherwise = variable.default === undefined ? undefined : fill(variable.default, values)
    const value = given ?? otherwise
    const kept = value === undefined ? undefined : admitted(variable, value)
    if (kept !== undefined) values[name] = kept
  }
  return values
}

/** The values that an answer brings for variables of one source, as far as they are admitted. */
export function captured({ variables }: Declared, source: Variable['source'], read: (at: string) => unknown): Values {
  const values: Record<string, string> = {}
  for (const [name, variable] of Object.entries(variables)) {
    if (variable.source !== source || variable.at === undefined) continue
    const raw = read(variable.at)
    const kept = typeof raw === 'string' || typeof raw === 'number' ? admitted(variable, String(raw)) : undefined
    if (kept !== undefined) values[name] = kept
  }
  return values
}
