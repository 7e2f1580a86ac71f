import { BehalfProblem, type Plugin } from '@behalf/sdk'
import { Anchor, Button, Group, JsonInput, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { isObject } from '../form/json.ts'
import { Empty } from '../parts/empty.tsx'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { FORM } from '../text/form.ts'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.tryIt
type Action = Plugin['actions'][number]

/** Runs an action with one's own connections, and shows what came of it. */
export function TryIt({ plugin }: { readonly plugin: Plugin }) {
  const [name, setName] = useState(plugin.actions[0]?.name ?? '')
  const action = plugin.actions.find(each => each.name === name) ?? plugin.actions[0]
  if (action === undefined)
    return (
      <Empty title={WORDS.none} text={WORDS.noneText}>
        <Anchor component={Link} to={`/plugins/${plugin.name}`}>
          {PLUGINS.tabs.manifest}
        </Anchor>
      </Empty>
    )
  return (
    <Stack gap="lg" maw="52rem">
      <Text c="dimmed">{WORDS.lead}</Text>
      <NativeSelect
        label={WORDS.action}
        description={action.description}
        value={action.name}
        data={plugin.actions.map(each => each.name)}
        onChange={event => setName(event.currentTarget.value)}
      />
      <Run key={action.name} plugin={plugin.name} action={action} />
    </Stack>
  )
}

/** An input to begin with: what the schema asks for, and what it has an example of. An empty filter would be a filter. */
function skeleton({ input }: Action): string {
  const properties = isObject(input) && isObject(input['properties']) ? input['properties'] : {}
  const required = isObject(input) && Array.isArray(input['required']) ? input['required'] : []
  const fields = Object.entries(properties)
    .filter(
      ([name, schema]) => required.includes(name) || (isObject(schema) && (schema['default'] ?? schema['examples'])),
    )
    .map(([name, schema]) => [name, exampleOf(schema)])
  return JSON.stringify(Object.fromEntries(fields), null, 2)
}

function exampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return ''
  const [first] = Array.isArray(schema['examples']) ? schema['examples'] : []
  const blanks: Readonly<Record<string, unknown>> = {
    string: '',
    number: 0,
    integer: 0,
    boolean: false,
    array: [],
    object: {},
  }
  return schema['default'] ?? first ?? blanks[String(schema['type'])] ?? ''
}

function Run({ plugin, action }: { readonly plugin: string; readonly action: Action }) {
  const [input, setInput] = useState(() => skeleton(action))
  const run = useMutation({
    mutationFn: () => {
      const given: unknown = JSON.parse(input || '{}')
      return behalf.runAction({ name: plugin, action: action.name, body: { input: isObject(given) ? given : {} } })
    },
  })
  const readable = isReadable(input)
  const connectUrl = run.error instanceof BehalfProblem ? run.error.connectUrl : undefined
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (readable) run.mutate()
      }}
    >
      <Stack gap="md">
        <JsonInput
          label={WORDS.input}
          autosize
          minRows={4}
          maxRows={16}
          formatOnBlur
          error={readable ? undefined : FORM.notJson}
          value={input}
          onChange={setInput}
        />
        {!action.read_only && (
          <Text size="sm" c="var(--studio-warn)">
            {action.destructive ? WORDS.destroys : WORDS.changes}
          </Text>
        )}
        <Group>
          <Button type="submit" disabled={!readable || run.isPending}>
            {run.isPending ? WORDS.running : WORDS.run}
          </Button>
          {connectUrl !== undefined && (
            <Button component="a" href={connectUrl} target="_blank" variant="default">
              {WORDS.connectFirst}
            </Button>
          )}
        </Group>
        <Problem error={run.error} />
        {run.data && (
          <Paper withBorder p="md" className="card" role="status">
            <Group gap="sm" mb="xs">
              <Title order={2}>{WORDS.output}</Title>
              <State tone={run.data.status < 400 ? 'good' : 'bad'}>{run.data.status}</State>
            </Group>
            <pre className="sent">{JSON.stringify(run.data.output, null, 2)}</pre>
          </Paper>
        )}
      </Stack>
    </form>
  )
}

function isReadable(text: string): boolean {
  try {
    return text.trim() === '' || isObject(JSON.parse(text))
  } catch {
    return false
  }
}
