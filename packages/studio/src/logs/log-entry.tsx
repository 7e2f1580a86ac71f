import { Button, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reading } from '../api/queries.ts'
import { SidePanel } from '../parts/dialog.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { State } from '../parts/state.tsx'
import { exactly, When } from '../parts/when.tsx'
import { LOGS as WORDS } from '../text/logs.ts'
import { type Entry, toneOf } from './logs-page.tsx'

/** One call: its metadata, what is kept of it, and what was removed before it was written. */
export function LogEntry({
  id,
  onClose,
  onRun,
}: {
  readonly id: string
  readonly onClose: () => void
  readonly onRun: (run: string) => void
}) {
  const query = useQuery(reading('readCallLog', { id }))
  return (
    <SidePanel title={WORDS.detail} onClose={onClose}>
      <Loaded query={query} what={WORDS.entryWhat}>
        {entry => (
          <Stack gap="lg">
            <Facts entry={entry} onRun={onRun} />
            <Removed entry={entry} />
            {entry.content !== null && <Kept content={entry.content} />}
          </Stack>
        )}
      </Loaded>
    </SidePanel>
  )
}

function Facts({ entry, onRun }: { readonly entry: Entry; readonly onRun: (run: string) => void }) {
  const { run_id: run } = entry
  return (
    <dl className="fact">
      <dt>{WORDS.call}</dt>
      <dd>
        <b>{entry.method}</b> {entry.path_template}
      </dd>
      <dt>{WORDS.result}</dt>
      <dd>
        <State tone={toneOf(entry)}>{entry.status ?? WORDS.noAnswer}</State>
      </dd>
      {entry.code !== null && (
        <>
          <dt>{WORDS.code}</dt>
          <dd>
            <a href={`/api/docs/problems/${entry.code}`}>{entry.code}</a>
          </dd>
        </>
      )}
      <dt>{WORDS.when}</dt>
      <dd>{exactly(entry.at)}</dd>
      <dt>{WORDS.took}</dt>
      <dd>{WORDS.ms(entry.duration_ms)}</dd>
      <dt>{WORDS.bytes}</dt>
      <dd>{WORDS.bytesOf(entry.request_bytes, entry.response_bytes)}</dd>
      <dt>{WORDS.plugin}</dt>
      <dd>
        {entry.plugin ?? '–'}
        {entry.plugin_version !== null && ` (${entry.plugin_version})`}
      </dd>
      <dt>{WORDS.action}</dt>
      <dd>{entry.action ?? WORDS.raw}</dd>
      <dt>{WORDS.connector}</dt>
      <dd>{entry.connector}</dd>
      <dt>{WORDS.person}</dt>
      <dd>{entry.subject === null ? '–' : <PersonName id={entry.subject} />}</dd>
      {run !== null && (
        <>
          <dt>{WORDS.runId}</dt>
          <dd>
            <Button size="compact-sm" variant="default" onClick={() => onRun(run)}>
              {WORDS.sameRun}
            </Button>
          </dd>
        </>
      )}
      <dt>{WORDS.request}</dt>
      <dd>
        <code>{entry.request_id}</code>
      </dd>
      <dt>{WORDS.expires}</dt>
      <dd>
        <When at={entry.expires_at} />
      </dd>
    </dl>
  )
}

function Removed({ entry }: { readonly entry: Entry }) {
  return (
    <section>
      <Title order={2} mb={4}>
        {WORDS.redacted}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {WORDS.underPolicy[entry.redaction]}
      </Text>
      {entry.removed.length === 0 ? (
        <Text size="sm">{WORDS.nothingRemoved}</Text>
      ) : (
        <List size="sm">
          {entry.removed.map(({ part, kind, count, paths }) => (
            <List.Item key={`${part}${kind}`}>
              {WORDS.parts[part]}: {WORDS.kinds[kind]}
              {kind !== 'content' && `, ${WORDS.times(count)}`}
              {paths.length > 0 && (
                <>
                  {' '}
                  (<code>{paths.join(', ')}</code>)
                </>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}

function Kept({ content }: { readonly content: NonNullable<Entry['content']> }) {
  const headers = (list: readonly { readonly name: string; readonly value: string }[]) =>
    list.map(({ name, value }) => `${name}: ${value}`).join('\n')
  const parts = [
    [WORDS.parts['path'], content.path],
    [WORDS.parts['request_headers'], headers(content.request_headers)],
    [WORDS.parts['request_body'], content.request_body],
    [WORDS.parts['response_headers'], headers(content.response_headers)],
    [WORDS.parts['response_body'], content.response_body],
  ] as const
  return (
    <>
      {parts
        .filter(([, text]) => text)
        .map(([title, text]) => (
          <section key={title}>
            <Title order={2} mb={4}>
              {title}
            </Title>
            <pre className="sent">{text}</pre>
          </section>
        ))}
    </>
  )
}
