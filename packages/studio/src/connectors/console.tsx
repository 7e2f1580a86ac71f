import type { Connector } from '@behalf/sdk'
import { Button, Group, NativeSelect, Paper, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.console
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof METHODS)[number]

/** Sends one call with the developer's own connection and shows the provider's own answer. */
export function Console({ connector }: { readonly connector: Connector }) {
  const [method, setMethod] = useState<Method>('GET')
  const [path, setPath] = useState(connector.health?.path ?? '/')
  const [body, setBody] = useState('')
  const call = useMutation({
    mutationFn: () => {
      const sent = body === '' ? {} : { body, headers: { 'content-type': 'application/json' } }
      return behalf.callConnector({ name: connector.name, body: { method, path, ...sent } }, { idempotencyKey: false })
    },
  })
  const takesBody = method !== 'GET' && method !== 'HEAD'
  return (
    <Paper withBorder p="lg" className="card">
      <Title order={2}>{WORDS.title}</Title>
      <Text size="sm" c="dimmed" mb="md">
        {WORDS.lead(connector.base_url)}
      </Text>
      <form
        onSubmit={event => {
          event.preventDefault()
          call.mutate()
        }}
      >
        <Stack gap="md">
          <Group align="flex-end" gap="sm" wrap="nowrap">
            <NativeSelect
              label={WORDS.method}
              value={method}
              data={[...METHODS]}
              onChange={event => setMethod(event.currentTarget.value as Method)}
            />
            <TextInput
              label={WORDS.path}
              value={path}
              onChange={event => setPath(event.currentTarget.value)}
              flex={1}
              spellCheck={false}
            />
            <Button type="submit" disabled={!path.startsWith('/') || call.isPending}>
              {call.isPending ? WORDS.sending : WORDS.send}
            </Button>
          </Group>
          {takesBody && (
            <Textarea
              label={WORDS.body}
              autosize
              minRows={3}
              spellCheck={false}
              value={body}
              onChange={event => setBody(event.currentTarget.value)}
            />
          )}
          <Problem error={call.error} />
          {call.data && (
            <div role="status">
              <Group gap="sm" mb="xs">
                <Text fw={600}>{WORDS.answer}</Text>
                <State tone={call.data.status < 400 ? 'good' : 'bad'}>{call.data.status}</State>
              </Group>
              <pre className="sent">{call.data.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>
              <pre className="sent body">{pretty(call.data.body)}</pre>
            </div>
          )}
        </Stack>
      </form>
    </Paper>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
