import type { Fault, PluginAction, PluginConnector } from '@behalf/contract'
import { actionCall } from './action-call.ts'
import { fieldsOf, InputFault, readTemplate } from './action-template.ts'
import { gatewayTarget } from './gateway-target.ts'
import { allowedPrefix } from './plugin.ts'

const DEEPEST = 20
const MOST_BYTES = 32_768
const SCALARS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean'])

/** What is wrong with an action of a manifest, each fault by its place within the action. */
export function judgeAction(action: PluginAction, connectors: readonly PluginConnector[]): readonly Fault[] {
  const faults = [...schemaFaults(action), ...templateFaults(action)]
  return faults.length > 0 ? faults : reachFaults(action, connectors)
}

function schemaFaults({ input, output }: PluginAction): readonly Fault[] {
  const faults: Fault[] = []
  if (input['type'] !== 'object') faults.push({ pointer: '/input/type', reason: 'the input is an object' })
  for (const [name, schema] of [
    ['input', input],
    ['output', output],
  ] as const) {
    if (schema === undefined) continue
    if (JSON.stringify(schema).length > MOST_BYTES) faults.push({ pointer: `/${name}`, reason: 'at most 32 KiB' })
    else if (depthOf(schema) > DEEPEST) faults.push({ pointer: `/${name}`, reason: 'nested too deeply' })
  }
  return faults
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

function templateFaults(action: PluginAction): readonly Fault[] {
  const properties = (action.input['properties'] ?? {}) as Readonly<Record<string, { readonly type?: unknown }>>
  const required = (action.input['required'] ?? []) as readonly string[]
  return textsOf(action).flatMap(({ pointer, text, inPath }) => {
    const template = readTemplate(text)
    if (template === undefined) return [{ pointer, reason: 'not a template: {field}, and {{ for a brace' }]
    return fieldsOf(template).flatMap(field => {
      if (!Object.hasOwn(properties, field))
        return [{ pointer, reason: `${field} is not among the input’s properties` }]
      if (!inPath) return []
      if (!required.includes(field)) return [{ pointer, reason: `${field} must be required: it is part of the path` }]
      return SCALARS.has(properties[field]?.type)
        ? []
        : [{ pointer, reason: `${field} must be a scalar: it is part of the path` }]
    })
  })
}

type Placed = { readonly pointer: string; readonly text: string; readonly inPath?: true }

function textsOf(action: PluginAction): readonly Placed[] {
  const texts: Placed[] = [{ pointer: '/path', text: action.path, inPath: true }]
  for (const part of ['query', 'headers'] as const)
    for (const [name, text] of Object.entries(action[part])) texts.push({ pointer: `/${part}/${name}`, text })
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value === 'string') texts.push({ pointer, text: value })
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value))
        walk(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
  walk(action.body, '/body')
  return texts
}

function reachFaults(action: PluginAction, connectors: readonly PluginConnector[]): readonly Fault[] {
  const entry = connectors.find(({ connector }) => connector === action.connector)
  if (entry === undefined) return [{ pointer: '/connector', reason: 'not among the plugin’s connectors' }]
  if (!entry.methods.some(method => method === action.method))
    return [{ pointer: '/method', reason: 'not among the methods of the connector' }]
  const { remainder } = sample(action)
  if (gatewayTarget('https://connector.invalid', remainder, []).kind === 'refused')
    return [{ pointer: '/path', reason: 'not a path' }]
  if (allowedPrefix(entry, action.method, remainder) === undefined)
    return [{ pointer: '/path', reason: 'not under a path prefix of the connector' }]
  return []
}

function sample(action: PluginAction): { readonly remainder: string } {
  const fields = fieldsOf(readTemplate(action.path) ?? [])
  try {
    return actionCall(
      { ...action, query: {}, headers: {}, body: undefined },
      Object.fromEntries(fields.map(field => [field, 'x'])),
    )
  } catch (error) {
    if (error instanceof InputFault) return { remainder: '..' }
    throw error
  }
}
