import { connectorDefinition } from '@behalf/contract'
import { z } from 'zod'
import type { JsonSchema } from './type-text.ts'

type Documented = JsonSchema & {
  readonly title?: string | undefined
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly examples?: readonly unknown[]
}
type Row = { readonly path: string; readonly schema: Documented }

const HEAD = `# Every field of a connector definition

Generated from the schema by \`npm run generate\`; a test keeps it true. [The guide](../guides/connector-definition.md) says what they are for, part by part. \`[]\` stands for each entry of a list,
\`{…}\` for each name of a record.

| field | label | what | values | default |
| ----- | ----- | ---- | ------ | ------- |
`

/** The reference of every field of a connector definition, as Markdown. */
export function fieldReference(): string {
  const schema = z.toJSONSchema(connectorDefinition, { io: 'input', unrepresentable: 'any' }) as Documented
  const rows = rowsOf('', schema, schema.$defs ?? {})
  return `${HEAD}${rows.map(rowText).join('\n')}\n`
}

function rowsOf(path: string, given: Documented, defs: Readonly<Record<string, JsonSchema>>): readonly Row[] {
  const schema = resolved(given, defs)
  const inner = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
      rowsOf(path === '' ? name : `${path}.${name}`, one as Documented, defs),
    ),
    ...(schema.anyOf ?? []).flatMap(one => rowsOf(path, one as Documented, defs)),
    ...(typeof schema.items === 'object' ? rowsOf(`${path}[]`, schema.items as Documented, defs) : []),
    ...(typeof schema.additionalProperties === 'object'
      ? rowsOf(`${path}.{…}`, schema.additionalProperties as Documented, defs)
      : []),
  ]
  return given.title === undefined && given.description === undefined
    ? inner
    : [{ path, schema: { ...schema, ...given } }, ...inner]
}

const resolved = (schema: Documented, defs: Readonly<Record<string, JsonSchema>>): Documented => {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : { ...(defs[name] as Documented), ...schema }
}

function rowText({ path, schema }: Row): string {
  const { title = '', description = '', default: otherwise, examples = [] } = schema
  const [example] = examples
  const like = example === undefined ? '' : ` Such as ${code(example)}.`
  const cells = [
    `\`${path}\``,
    title,
    `${description}${like}`,
    valuesOf(schema),
    otherwise === undefined ? '' : code(otherwise),
  ]
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

function valuesOf({ enum: choices, const: only, type, minimum, maximum, anyOf }: Documented): string {
  if (choices !== undefined) return choices.map(code).join(' ')
  if (only !== undefined) return code(only)
  if (type === 'integer' && minimum !== undefined && maximum !== undefined && maximum < 1e12)
    return `${minimum} to ${maximum}`
  if (type === 'array') return 'list'
  if (type === 'object') return 'object'
  return anyOf === undefined ? String(type ?? '') : 'one of several forms'
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
