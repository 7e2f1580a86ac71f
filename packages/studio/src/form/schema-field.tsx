import type { Json } from '@behalf/sdk'
import type { FormSchema } from '@behalf/sdk/schemas'
import { Fieldset, NativeSelect, NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FORM } from '../text/form.ts'
import { useField } from './editing.tsx'
import { isObject, type Path } from './json.ts'

type Props = {
  readonly path: Path
  readonly schema: FormSchema
  /** Where the form's own words differ from the schema's. */
  readonly label?: string
  readonly help?: string
  readonly example?: string
  readonly required?: boolean
}

export const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function exampleOf({ examples }: FormSchema): string | undefined {
  const [first] = examples ?? []
  if (first === undefined || first === '' || first === false || (isObject(first) && Object.keys(first).length === 0))
    return undefined
  if (Array.isArray(first) && first.every(item => typeof item === 'string')) return first.join(', ')
  return typeof first === 'string' ? first : JSON.stringify(first)
}

/** A field as its schema describes it: the right control, its help with an example, and what is wrong as one types. */
export function SchemaField(props: Props) {
  const { schema, path } = props
  if (schema.properties !== undefined && schema.anyOf === undefined) return <Group {...props} />
  if (schema.enum !== undefined) return <Choice {...props} />
  if (schema.type === 'boolean') return <YesNo {...props} />
  if (schema.type === 'integer' || schema.type === 'number') return <Numeric {...props} />
  if (schema.type === 'array' && schema.items?.type === 'string' && schema.items.enum === undefined)
    return <Lines {...props} />
  if (schema.type === 'string') return <Line {...props} />
  return <JsonText key={path.join('/')} {...props} />
}

function useWords({ path, schema, label, help, example, required }: Props, how?: string) {
  const field = useField(path)
  const shown = example ?? exampleOf(schema)
  const description = [help ?? schema.description, how, shown === undefined ? undefined : FORM.example(shown)]
    .filter(Boolean)
    .join(' ')
  return {
    field,
    common: {
      label: label ?? schema.title ?? labelOf(path.at(-1) ?? ''),
      description:
        field.note === undefined ? (
          description
        ) : (
          <>
            {description} <span className="note">{field.note}</span>
          </>
        ),
      error: field.fault,
      required: required ?? false,
      readOnly: field.readOnly,
      onBlur: field.touch,
      'data-pointer': path.join('/'),
    },
  }
}

function Line(props: Props) {
  const { field, common } = useWords(props)
  const value = typeof field.value === 'string' ? field.value : ''
  const change = (text: string) => field.change(text === '' ? undefined : text)
  const long = (props.schema.maxLength ?? 0) >= 500 && !/url|issuer/i.test(props.path.at(-1) ?? '')
  if (long)
    return <Textarea {...common} value={value} autosize minRows={2} onChange={e => change(e.currentTarget.value)} />
  return (
    <TextInput
      {...common}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={e => change(e.currentTarget.value)}
    />
  )
}

function Choice(props: Props) {
  const { field, common } = useWords(props)
  const { schema } = props
  const choices = (schema.enum ?? []).map(String)
  const empty = schema.default === undefined ? [{ value: '', label: FORM.notSet }] : []
  return (
    <NativeSelect
      {...common}
      disabled={field.readOnly}
      value={String(field.value ?? schema.default ?? '')}
      data={[...empty, ...choices.map(value => ({ value, label: value }))]}
      onChange={event => field.change(event.currentTarget.value || undefined)}
    />
  )
}

function YesNo(props: Props) {
  const { field, common } = useWords(props)
  const { readOnly, required, ...rest } = common
  return (
    <Switch
      {...rest}
      disabled={readOnly}
      checked={(field.value ?? props.schema.default ?? false) === true}
      onChange={event => field.change(event.currentTarget.checked)}
    />
  )
}

function Numeric(props: Props) {
  const { field, common } = useWords(props)
  const { minimum, maximum } = props.schema
  return (
    <NumberInput
      {...common}
      hideControls
      allowDecimal={props.schema.type === 'number'}
      {...(minimum === undefined || minimum < -1e9 ? {} : { min: minimum })}
      {...(maximum === undefined || maximum > 1e9 ? {} : { max: maximum })}
      value={typeof field.value === 'number' ? field.value : ''}
      onChange={value => field.change(value === '' ? undefined : Number(value))}
    />
  )
}

/** A list of texts, one a line; spaces and commas between scopes are understood too. */
function Lines(props: Props) {
  const { field, common } = useWords(props, FORM.onePerLine)
  const list = Array.isArray(field.value) ? field.value.map(String) : []
  const [text, setText] = useState(list.join('\n'))
  const parse = (typed: string) =>
    typed
      .split(/[\n,]|\s(?=\S)/)
      .map(part => part.trim())
      .filter(Boolean)
  const shown = same(parse(text), list) ? text : list.join('\n')
  return (
    <Textarea
      {...common}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      value={shown}
      onChange={event => {
        setText(event.currentTarget.value)
        const parsed = parse(event.currentTarget.value)
        field.change(parsed.length === 0 && props.required !== true ? undefined : parsed)
      }}
    />
  )
}
const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item, i) => item === b[i])

/** What has no control of its own, as JSON; the form takes it over as soon as it can be read. */
function JsonText(props: Props) {
  const { field, common } = useWords(props, FORM.asJson)
  const [typed, setTyped] = useState<string>()
  const value = field.value === undefined ? '' : JSON.stringify(field.value, null, 2)
  const readable = typed === undefined || typed.trim() === '' || parseJson(typed) !== undefined
  return (
    <Textarea
      {...common}
      error={readable ? common.error : FORM.notJson}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem' } }}
      value={typed ?? value}
      onChange={event => {
        const text = event.currentTarget.value
        setTyped(text)
        if (text.trim() === '') return field.change(undefined)
        const parsed = parseJson(text)
        if (parsed !== undefined) field.change(parsed)
      }}
      onBlur={() => {
        if (readable) setTyped(undefined)
        field.touch()
      }}
    />
  )
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function Group({ path, schema, label, help }: Props) {
  return (
    <Fieldset legend={label ?? schema.title ?? labelOf(path.at(-1) ?? '')}>
      <Stack gap="md">
        {(help ?? schema.description) && <small className="dim">{help ?? schema.description}</small>}
        {Object.entries(schema.properties ?? {}).map(([name, inner]) => (
          <SchemaField
            key={name}
            path={[...path, name]}
            schema={inner}
            required={schema.required?.includes(name) ?? false}
          />
        ))}
      </Stack>
    </Fieldset>
  )
}
