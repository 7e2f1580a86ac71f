import { type ConnectorPreview, isProblem } from '@behalf/sdk'
import { Accordion, Paper, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { behalf } from '../api/client.ts'
import { useEditing } from '../form/editing.tsx'
import type { JsonObject } from '../form/json.ts'
import { setAt } from '../form/json.ts'
import type { Verdict } from '../form/use-draft.ts'
import { Problem } from '../parts/problem.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.preview
const WAIT_MS = 400

type Given = Parameters<typeof behalf.previewConnectorDefinition>[0]['body']

/** What will be sent, by the code that sends it, while one types; what the broker has against the definition stands at its fields. */
export function RequestPreview({
  secret,
  onFaults,
}: {
  /** Whether a client secret is or will be there; its value never leaves the form for a preview. */
  readonly secret: boolean
  readonly onFaults: (verdict: Verdict) => void
}) {
  const { draft } = useEditing()
  const [key] = useDebouncedValue(JSON.stringify(draft), WAIT_MS)
  const query = useQuery({
    queryKey: ['previewConnectorDefinition', key, secret],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const { approve: _, ...definition } = JSON.parse(key) as JsonObject
      const given = secret ? setAt(definition, ['auth', 'client_secret'], 'secret-of-the-preview') : definition
      return behalf.previewConnectorDefinition({ body: given as Given }, { signal, idempotencyKey: false })
    },
  })
  const faults = isProblem(query.error, 'invalid_request') ? query.error.faults : undefined
  useEffect(() => {
    onFaults({ of: key, faults: (faults ?? []).map(({ pointer, reason }) => [pointer, reason] as const) })
  }, [key, faults, onFaults])
  return (
    <Paper withBorder p="md" className="card" aria-label={WORDS.title} component="section">
      <Title order={2} mb={4}>
        {WORDS.title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {WORDS.help}
      </Text>
      {query.data !== undefined ? (
        <Requests preview={query.data} stale={query.error !== null} />
      ) : (
        <Text size="sm" c="dimmed" role="status">
          {query.isPending && query.error === null ? WORDS.composing : WORDS.incomplete}
        </Text>
      )}
      {query.error !== null && faults === undefined && <Problem error={query.error} />}
    </Paper>
  )
}

function Requests({ preview, stale }: { readonly preview: ConnectorPreview; readonly stale: boolean }) {
  return (
    <>
      {stale && (
        <Text size="sm" c="var(--studio-warn)" mb="xs">
          {WORDS.stale}
        </Text>
      )}
      <Accordion multiple defaultValue={['0', '1']} variant="filled" order={3}>
        {preview.requests.map(({ purpose, method, url, headers, body }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: requests have no identity but their place
          <Accordion.Item key={index} value={String(index)}>
            <Accordion.Control>{titleOf(purpose)}</Accordion.Control>
            <Accordion.Panel>
              <pre className="sent">
                <b>{method}</b> {readable(url)}
                {Object.entries(headers).map(([name, value]) => `\n${name}: ${value}`)}
                {body !== null && `\n\n${body.replaceAll('&', '\n&')}`}
              </pre>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </>
  )
}

function titleOf(purpose: string): string {
  const [, step] = /^revocation_step_(\d+)$/.exec(purpose) ?? []
  return step === undefined ? (WORDS.purposes[purpose] ?? purpose) : WORDS.step(step)
}

/** A URL with each parameter on a line of its own. */
const readable = (url: string): string => url.replace('?', '\n  ?').replaceAll('&', '\n  &')
