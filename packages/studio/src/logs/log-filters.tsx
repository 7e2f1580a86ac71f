import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { LOGS as WORDS } from '../text/logs.ts'

type Filters = Readonly<Record<string, string | undefined>>
type Props = { readonly filters: Filters; readonly onChange: (changes: Filters) => void }
const HIDDEN = ['from', 'until', 'subject', 'plugin_version', 'run', 'redaction'] as const

/** What narrows the logs. Text boxes take a whole name; what is rarely needed is behind one button. */
export function LogFilters({ filters, onChange }: Props) {
  const [more, setMore] = useState(HIDDEN.some(name => filters[name] !== undefined))
  const text = (name: string, label: string, type = 'text') => (
    <TextInput
      label={label}
      type={type}
      value={filters[name] ?? ''}
      onChange={event => onChange({ [name]: event.currentTarget.value || undefined })}
      spellCheck={false}
    />
  )
  const instant = (name: string, label: string) => (
    <TextInput
      label={label}
      type="datetime-local"
      value={toLocal(filters[name])}
      onChange={event => onChange({ [name]: toInstant(event.currentTarget.value) })}
    />
  )
  const choice = (name: string, label: string, any: string, choices: readonly (readonly [string, string])[]) => (
    <NativeSelect
      label={label}
      value={filters[name] ?? ''}
      data={[{ value: '', label: any }, ...choices.map(([value, words]) => ({ value, label: words }))]}
      onChange={event => onChange({ [name]: event.currentTarget.value || undefined })}
    />
  )
  return (
    <search aria-label={WORDS.filters}>
      <div className="filters">
        <TextInput
          label={WORDS.search}
          type="search"
          value={filters['q'] ?? ''}
          onChange={event => onChange({ q: event.currentTarget.value || undefined })}
        />
        {text('plugin', WORDS.plugin)}
        {text('connector', WORDS.connector)}
        {choice('status', WORDS.status, WORDS.anyStatus, WORDS.statuses)}
        {choice('level', WORDS.level, WORDS.anyLevel, WORDS.levels)}
        <Button variant="default" aria-expanded={more} onClick={() => setMore(!more)}>
          {WORDS.more}
        </Button>
      </div>
      {more && (
        <div className="filters">
          {instant('from', WORDS.from)}
          {instant('until', WORDS.until)}
          {text('subject', WORDS.subject)}
          {text('plugin_version', WORDS.version, 'number')}
          {text('run', WORDS.run)}
          {choice('redaction', WORDS.policy, WORDS.anyPolicy, Object.entries(WORDS.policies))}
        </div>
      )}
    </search>
  )
}

const toInstant = (local: string): string | undefined => {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

function toLocal(instant: string | undefined): string {
  if (instant === undefined) return ''
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
