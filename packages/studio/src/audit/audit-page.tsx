import type { AuditEvent, Input } from '@behalf/sdk'
import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { listing } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { SidePanel } from '../parts/dialog.tsx'
import { EndlessTable } from '../parts/endless-table.tsx'
import { ExportButton } from '../parts/export-button.tsx'
import { Page } from '../parts/page.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { exactly, When } from '../parts/when.tsx'
import { AUDIT as WORDS } from '../text/audit.ts'
import { Verdict } from './verdict.tsx'

type Filter = Input<'exportAuditEvents'>
const NAMES = ['action', 'principal', 'target', 'subject', 'result', 'from', 'until'] as const

export function AuditPage() {
  const [filters, change] = useFilters()
  const [shown, setShown] = useState<AuditEvent | null>(null)
  const chosen = Object.fromEntries(NAMES.map(name => [name, filters[name]]).filter(([, value]) => value)) as Filter
  const [key] = useDebouncedValue(JSON.stringify(chosen), 250)
  const filter = JSON.parse(key) as Filter
  const query = useInfiniteQuery(listing('listAuditEvents', { ...filter, limit: 100 }))
  const filtered = Object.keys(chosen).length > 0
  const text = (name: string, label: string, placeholder = '') => (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={filters[name] ?? ''}
      onChange={event => change({ [name]: event.currentTarget.value || undefined })}
      spellCheck={false}
    />
  )
  const day = (name: string, label: string) => (
    <TextInput
      label={label}
      type="date"
      value={filters[name]?.slice(0, 10) ?? ''}
      onChange={event => change({ [name]: event.currentTarget.value && `${event.currentTarget.value}T00:00:00Z` })}
    />
  )
  return (
    <Page
      title={WORDS.title}
      lead={WORDS.lead}
      actions={
        <ExportButton
          name="audit-events.ndjson"
          label={WORDS.export}
          busy={WORDS.exporting}
          done={WORDS.exported}
          read={signal => behalf.exportAuditEvents(filter, { signal })}
        />
      }
      wide
    >
      <Verdict />
      <search aria-label={WORDS.filters}>
        <div className="filters">
          {text('action', WORDS.action, WORDS.actionHelp)}
          {text('principal', WORDS.principal)}
          {text('target', WORDS.target)}
          <NativeSelect
            label={WORDS.result}
            value={filters['result'] ?? ''}
            data={[
              { value: '', label: WORDS.anyResult },
              ...Object.entries(WORDS.results).map(([value, label]) => ({ value, label })),
            ]}
            onChange={event => change({ result: event.currentTarget.value || undefined })}
          />
          {day('from', WORDS.from)}
          {day('until', WORDS.until)}
        </div>
      </search>
      <EndlessTable
        query={query}
        words={WORDS}
        columns={columns(setShown)}
        onOpen={setShown}
        onClear={filtered ? () => change(Object.fromEntries(NAMES.map(name => [name, undefined]))) : undefined}
      />
      {shown !== null && <Detail event={shown} onClose={() => setShown(null)} />}
    </Page>
  )
}

const TONES = { done: 'good', refused: 'warn', failed: 'bad' } as const

function Principal({ name }: { readonly name: string }) {
  if (name.startsWith('sub_')) return <PersonName id={name} />
  if (name === 'system') return <>{WORDS.system}</>
  if (name === 'anonymous') return <>{WORDS.anonymous}</>
  return <code className="one-line">{name}</code>
}

const columns = (open: (event: AuditEvent) => void): readonly Column<AuditEvent>[] => [
  { title: WORDS.when, width: '8rem', minor: true, cell: ({ at }) => <When at={at} /> },
  {
    title: WORDS.action,
    width: 'minmax(11rem, 2fr)',
    cell: event => (
      <button type="button" className="as-text one-line plain" onClick={() => open(event)}>
        {event.action}
      </button>
    ),
  },
  {
    title: WORDS.principal,
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ principal }) => <Principal name={principal} />,
  },
  {
    title: WORDS.target,
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ target }) => <span className="one-line">{target ?? '–'}</span>,
  },
  {
    title: WORDS.onBehalfOf,
    width: 'minmax(8rem, 1fr)',
    minor: true,
    cell: ({ on_behalf_of }) => (on_behalf_of === null ? '–' : <PersonName id={on_behalf_of} />),
  },
  {
    title: WORDS.result,
    width: '6rem',
    cell: ({ result }) => <State tone={TONES[result]}>{WORDS.results[result]}</State>,
  },
]

function Detail({ event, onClose }: { readonly event: AuditEvent; readonly onClose: () => void }) {
  return (
    <SidePanel title={WORDS.detail} onClose={onClose}>
      <dl className="fact">
        <dt>{WORDS.action}</dt>
        <dd>{event.action}</dd>
        <dt>{WORDS.when}</dt>
        <dd>{exactly(event.at)}</dd>
        <dt>{WORDS.principal}</dt>
        <dd>
          <Principal name={event.principal} />
        </dd>
        <dt>{WORDS.target}</dt>
        <dd>{event.target ?? '–'}</dd>
        <dt>{WORDS.onBehalfOf}</dt>
        <dd>{event.on_behalf_of === null ? '–' : <PersonName id={event.on_behalf_of} />}</dd>
        <dt>{WORDS.result}</dt>
        <dd>{WORDS.results[event.result]}</dd>
        <dt>{WORDS.address}</dt>
        <dd>{event.address ?? '–'}</dd>
        <dt>{WORDS.request}</dt>
        <dd>
          <code>{event.request_id ?? '–'}</code>
        </dd>
        <dt>{WORDS.place}</dt>
        <dd>{event.sequence ?? WORDS.notSealed}</dd>
        <dt>{WORDS.details}</dt>
        <dd>
          <pre className="sent">{JSON.stringify(event.details, null, 2)}</pre>
        </dd>
      </dl>
    </SidePanel>
  )
}
