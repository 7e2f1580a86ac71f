/** A template as it was read: fixed text, and fields of the input. */
export type Template = readonly (string | { readonly field: string })[]

/** What of an action's input cannot be put where it belongs. */
export class InputFault extends Error {
  override readonly name = 'InputFault'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

const FIELD = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/

/** Reads a template: `{field}`, and `{{` and `}}` for braces. Returns undefined where the braces do not fit. */
export function readTemplate(text: string): Template | undefined {
  const pieces: (string | { readonly field: string })[] = []
  let fixed = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character !== '{' && character !== '}') fixed += character
    else if (text[at + 1] === character) {
      fixed += character
      at += 1
    } else {
      const end = character === '{' ? text.indexOf('}', at) : -1
      const field = text.slice(at + 1, end)
      if (end === -1 || !FIELD.test(field)) return undefined
      if (fixed !== '') pieces.push(fixed)
      pieces.push({ field })
      fixed = ''
      at = end
    }
  }
  return fixed === '' ? pieces : [...pieces, fixed]
}

/** The fields that a template names. */
export const fieldsOf = (template: Template): readonly string[] =>
  template.flatMap(piece => (typeof piece === 'string' ? [] : [piece.field]))

/** The one field that a template is, if it is nothing else. */
export function loneField(template: Template): string | undefined {
  const [only] = template
  return template.length === 1 && typeof only === 'object' ? only.field : undefined
}

type Input = Readonly<Record<string, unknown>>

/** A field of the input, its own properties alone. */
export const fieldOf = (input: Input, field: string): unknown =>
  Object.hasOwn(input, field) ? input[field] : undefined

/** A template filled in as text; undefined where a field is absent. Throws {@link InputFault} for what is no scalar. */
export function fillText(
  template: Template,
  input: Input,
  encode: (text: string, field: string) => string = text => text,
): string | undefined {
  let text = ''
  for (const piece of template) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const value = fieldOf(input, piece.field)
    if (value === undefined) return undefined
    text += encode(scalarText(value, piece.field), piece.field)
  }
  return text
}

/** A scalar as text. Throws {@link InputFault}. */
export function scalarText(value: unknown, field: string): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new InputFault(field, 'is not well-formed text')
    return value
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new InputFault(field, 'must be a text, a number, true or false here')
}
