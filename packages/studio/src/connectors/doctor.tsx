import type { Connector, ConnectorCheck } from '@behalf/sdk'
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.doctor
type Result = ConnectorCheck['results'][number]
const TONES = { passed: 'good', failed: 'bad', warning: 'warn', skipped: 'plain' } as const
const keyOf = (name: string) => ['checkConnector', name]

/** The field that each check is about. */
const FIELDS: Readonly<Record<Result['check'], string>> = {
  discovery: '/auth/issuer',
  reachability: '/auth/token_url',
  client_authentication: '/auth/client_authentication',
  redirect_uri: '/auth/callback',
  pkce: '/auth/pkce',
  refresh_token: '/auth/scope',
  revocation: '/auth/revoke_url',
  health: '/health/path',
}

/** The last check of a connector in this tab, as notes at the fields that it found something about. */
export function useDoctorNotes(name: string): ReadonlyMap<string, string> {
  const { data } = useQuery<ConnectorCheck | null>({ queryKey: keyOf(name), queryFn: () => null, enabled: false })
  const notes = new Map<string, string>()
  for (const result of data?.results ?? []) {
    if (result.outcome !== 'failed' && result.outcome !== 'warning') continue
    const pointer = result.check === 'reachability' ? endpointOf(result.subject) : FIELDS[result.check]
    notes.set(pointer, WORDS.note(result.advice ?? result.answered ?? WORDS.outcomes[result.outcome] ?? ''))
  }
  return notes
}

function endpointOf(subject: string): string {
  if (subject === 'base_url') return '/base_url'
  return /^\w+_url$/.test(subject) ? `/auth/${subject}` : FIELDS.reachability
}

/** Asks the provider what it thinks of the connector: what was sent, what came back, and what to change. */
export function Doctor({ connector }: { readonly connector: Connector }) {
  const client = useQueryClient()
  const { name } = connector
  const check = useMutation({
    mutationFn: () => behalf.checkConnector({ name, body: {} }, { idempotencyKey: false }),
    onSuccess: found => client.setQueryData(keyOf(name), found),
  })
  const { data: kept } = useQuery<ConnectorCheck | null>({ queryKey: keyOf(name), queryFn: () => null, enabled: false })
  return (
    <Paper withBorder p="lg" className="card">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2}>{WORDS.title}</Title>
          <Text size="sm" c="dimmed" maw="60ch">
            {WORDS.lead}
          </Text>
        </div>
        <Button variant="default" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? WORDS.checking : WORDS.check}
        </Button>
      </Group>
      <Problem error={check.error} />
      {kept && (
        <Stack gap="sm" mt="md" role="status">
          <State tone={kept.passed ? 'good' : 'bad'}>{kept.passed ? WORDS.passed : WORDS.failed}</State>
          <Text size="sm" c="dimmed">
            {WORDS.checked} <When at={kept.checked_at} />
          </Text>
          <dl className="fact">
            {kept.results.map(result => (
              <Row key={result.check + result.subject} result={result} />
            ))}
          </dl>
        </Stack>
      )}
    </Paper>
  )
}

function Row({ result }: { readonly result: Result }) {
  return (
    <>
      <dt>
        {WORDS.checks[result.check]} <small>{result.subject}</small>
      </dt>
      <dd>
        <State tone={TONES[result.outcome]}>{WORDS.outcomes[result.outcome]}</State>
        {result.advice !== null && <Text size="sm">{result.advice}</Text>}
        {result.answered !== null && (
          <Text size="sm" c="dimmed">
            {WORDS.answered} <code>{result.answered}</code>
          </Text>
        )}
        {result.sent !== null && (
          <details>
            <summary>{WORDS.sent}</summary>
            <pre className="sent">{result.sent}</pre>
          </details>
        )}
      </dd>
    </>
  )
}
