import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { FORM } from '../text/form.ts'
import { isObject, type JsonObject, same } from './json.ts'

/** A whole definition as JSON, beside its form: each follows the other. */
export function JsonEditor({
  value,
  onChange,
  readOnly = false,
}: {
  readonly value: JsonObject
  readonly onChange: (value: JsonObject) => void
  readonly readOnly?: boolean
}) {
  const [typed, setTyped] = useState<string>()
  const parsed = typed === undefined ? value : parse(typed)
  const shown =
    typed !== undefined && (parsed === undefined || same(parsed, value)) ? typed : JSON.stringify(value, null, 2)
  return (
    <Textarea
      label={FORM.json}
      description={FORM.jsonHelp}
      error={parsed === undefined ? FORM.notJson : undefined}
      readOnly={readOnly}
      autosize
      minRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.85rem' } }}
      value={shown}
      onChange={event => {
        setTyped(event.currentTarget.value)
        const next = parse(event.currentTarget.value)
        if (next !== undefined) onChange(next)
      }}
    />
  )
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
