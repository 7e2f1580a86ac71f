import type { Answer, Input } from '@behalf/sdk'
import { Alert, Switch } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { behalf } from '../api/client.ts'
import { listing } from '../api/queries.ts'
import type { Column } from '../parts/data-table.tsx'
import { EndlessTable } from '../parts/endless-table.tsx'
import { ExportButton } from '../parts/export-button.tsx'
import { Page } from '../parts/page.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { When } from '../parts/when.tsx'
import { LOGS as WORDS } from '../text/logs.ts'
import { LogEntry } from './log-entry.tsx'
import { LogFilters } from './log-filters.tsx'

type Filter = Input<'exportCallLogs'>
export type Entry = Answer<'readCallLog'>
const NAMES = [
  'from',
  'until',
  'plugin',
  'plugin_version',
  'connector',
  'subject',
  'status',
  'run',
  'level',
  'redaction',
  'q',
] as const
const TAIL_MS = 2_000
const PAGE = 100

export function LogsPage() {
  const [filters, change] = useFilters()
  const chosen = Object.fromEntries(NAMES.map(name => [name, filters[name]]).filter(([, value]) => value)) as Filter
  const [filter] = useDebouncedValue(chosen, 250)
  const key = JSON.stringify(filter)
  const query = useInfiniteQuery(listing('listCallLogs', { ...(JSON.parse(key) as Filter), limit: PAGE }))
  const tail = filters['tail'] === 'on'
  useTail(tail, key)
  const dropped = query.data?.pages[0]?.dropped ?? 0
  const filtered = Object.keys(chosen).length > 0
  return (
    <Page
      title={WORDS.title}
      lead={WORDS.lead}
      actions={
        <ExportButton
          name="call-logs.ndjson"
          label={WORDS.export}
          busy={WORDS.exporting}
          done={WORDS.exported}
          read={signal => behalf.exportCallLogs(filter, { signal })}
        />
      }
      wide
    >
      <LogFilters filters={filters} onChange={change} />
      {dropped > 0 && (
        <Alert color="warn" role="note">
          {WORDS.dropped(dropped)}
        </Alert>
      )}
      <EndlessTable
        query={query}
        words={filters['q'] === undefined ? WORDS : { ...WORDS, what: WORDS.searchWhat }}
        columns={columns(id => change({ entry: id }))}
        onOpen={({ id }) => change({ entry: id })}
        onClear={filtered ? () => change(Object.fromEntries(NAMES.map(name => [name, undefined]))) : undefined}
        note={tail ? ` · ${WORDS.tailing}` : ''}
        aside={
          <Switch
            label={WORDS.tail}
            checked={tail}
            onChange={event => change({ tail: event.currentTarget.checked ? 'on' : undefined })}
          />
        }
      />
      {filters['entry'] !== undefined && (
        <LogEntry
          id={filters['entry']}
          onClose={() => change({ entry: undefined })}
          onRun={run => change({ entry: undefined, run })}
        />
      )}
    </Page>
  )
}

/** Reads what is new and puts it in front, without reading again what is there. */
function useTail(on: boolean, key: string) {
  const client = useQueryClient()
  useEffect(() => {
    if (!on) return
    const filter = JSON.parse(key) as Filter
    const { queryKey } = listing('listCallLogs', { ...filter, limit: PAGE })
    const look = async () => {
      const newest = await behalf.listCallLogs({ ...filter, limit: PAGE }).then(
        page => page,
        () => undefined,
      )
      if (newest === undefined) return
      client.setQueryData(queryKey, before => {
        const [first, ...rest] = before?.pages ?? []
        if (before === undefined || first === undefined) return before
        const known = new Set(first.items.map(({ id }) => id))
        const fresh = newest.items.filter(({ id }) => !known.has(id))
        return fresh.length === 0
          ? before
          : { ...before, pages: [{ ...first, items: [...fresh, ...first.items] }, ...rest] }
      })
    }
    const timer = setInterval(() => void look(), TAIL_MS)
    return () => clearInterval(timer)
  }, [client, on, key])
}

export const toneOf = ({ level }: Pick<Entry, 'level'>) =>
  level === 'info' ? 'good' : level === 'warning' ? 'warn' : ('bad' as const)

const columns = (open: (id: string) => void): readonly Column<Entry>[] => [
  { title: WORDS.when, width: '8.5rem', minor: true, cell: ({ at }) => <When at={at} /> },
  {
    title: WORDS.call,
    width: 'minmax(8rem, 2fr)',
    cell: ({ id, method, path_template }) => (
      <button type="button" className="as-text one-line plain" onClick={() => open(id)}>
        <b>{method}</b> {path_template}
      </button>
    ),
  },
  {
    title: WORDS.result,
    width: 'minmax(6rem, 1fr)',
    cell: entry => (
      <State tone={toneOf(entry)}>
        {entry.status ?? WORDS.noAnswer}
        {entry.answered_by === 'behalf' && ` ${entry.code ?? WORDS.byBehalf}`}
      </State>
    ),
  },
  {
    title: WORDS.plugin,
    width: 'minmax(7.5rem, 1.3fr)',
    minor: true,
    cell: ({ plugin }) => <span className="one-line">{plugin ?? '–'}</span>,
  },
  {
    title: WORDS.connector,
    width: 'minmax(5.5rem, 1fr)',
    minor: true,
    cell: ({ connector }) => <span className="one-line">{connector}</span>,
  },
  {
    title: WORDS.person,
    width: 'minmax(5.5rem, 1fr)',
    minor: true,
    cell: ({ subject }) => (subject === null ? '–' : <PersonName id={subject} />),
  },
  { title: WORDS.took, width: '4.5rem', minor: true, cell: ({ duration_ms }) => WORDS.ms(duration_ms) },
  {
    title: WORDS.policy,
    width: '5.5rem',
    minor: true,
    cell: ({ redaction }) => WORDS.policies[redaction] ?? redaction,
  },
]
