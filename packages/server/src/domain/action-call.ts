import type { PluginAction } from '@behalf/contract'
import { fieldOf, fillText, InputFault, loneField, readTemplate, scalarText, type Template } from './action-template.ts'
import type { FlatHeaders } from './flat-headers.ts'

/** The gateway call that an action makes of its input. */
export type ActionCall = {
  readonly method: PluginAction['method']
  /** As it follows `/gateway/{connector}/`. */
  readonly remainder: string
  readonly headers: FlatHeaders
  readonly body: string | undefined
}

type Input = Readonly<Record<string, unknown>>
type Json = PluginAction['body']

const HEADER_VALUE = /^[\x20-\x7e]{0,8000}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const SEGMENT_BREAKER = /[/\\\u0000-\u001f\u007f]/

/** Fills an action in from input that its schema accepted. Throws {@link InputFault} for what cannot stand where it is to. */
export function actionCall(action: PluginAction, input: Input): ActionCall {
  const path = fillText(templateOf(action.path), input, segmentText)
  if (path === undefined) throw new InputFault('', 'a field of the path is missing')
  const query = Object.entries(action.query).flatMap(([name, text]) => parameters(name, templateOf(text), input))
  const headers = Object.entries(action.headers).flatMap(([name, text]) => header(name, templateOf(text), input))
  const body = action.body === undefined ? undefined : filled(action.body, input)
  return {
    method: action.method,
    remainder: path.slice(1) + (query.length === 0 ? '' : `?${query.join('&')}`),
    headers: [
      ...headers,
      'accept',
      'application/json',
      ...(body === undefined ? [] : ['content-type', 'application/json']),
    ],
    body: body === undefined ? undefined : JSON.stringify(body),
  }
}

/** A template that was judged when the action was saved. */
function templateOf(text: string): Template {
  const template = readTemplate(text)
  if (template === undefined) throw new InputFault('', 'a template of the action cannot be read')
  return template
}

// SECURITY: one value fills one segment; what follows is judged as any gateway path is.
function segmentText(text: string, field: string): string {
  if (text === '' || /^\.+$/.test(text)) throw new InputFault(field, 'cannot stand in a path')
  if (SEGMENT_BREAKER.test(text)) throw new InputFault(field, 'holds a slash or a control character')
  return encodeURIComponent(text)
}

/** A query parameter; a list becomes one for each of its values. */
function parameters(name: string, template: Template, input: Input): readonly string[] {
  const field = loneField(template)
  const value = field === undefined ? undefined : fieldOf(input, field)
  const pair = (text: string) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`
  if (field !== undefined && Array.isArray(value)) return value.map(each => pair(scalarText(each, field)))
  const text = fillText(template, input)
  return text === undefined ? [] : [pair(text)]
}

function header(name: string, template: Template, input: Input): FlatHeaders {
  const value = fillText(template, input, (text, field) => {
    if (!HEADER_VALUE.test(text)) throw new InputFault(field, 'must be printable ASCII in a header')
    return text
  })
  return value === undefined ? [] : [`behalf-forward-${name.toLowerCase()}`, value]
}

/** A JSON value with its texts filled in; undefined where it is a field that is absent. */
function filled(value: Json, input: Input): Json {
  if (typeof value === 'string') {
    const template = templateOf(value)
    const field = loneField(template)
    return field === undefined ? fillText(template, input) : (fieldOf(input, field) as Json)
  }
  if (Array.isArray(value)) return value.map(each => filled(each, input)).filter(each => each !== undefined)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const inner = filled(each, input)
    return inner === undefined ? [] : [[name, inner] as const]
  })
  return Object.fromEntries(kept)
}
