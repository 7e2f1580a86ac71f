import type { Plugin } from '@behalf/sdk'
import { Button, Group, List, Paper, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { Problem } from '../parts/problem.tsx'
import { State } from '../parts/state.tsx'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.launches

/** Says of one person whether the plugin is live for them, and why. */
export function Explain({ plugin }: { readonly plugin: Plugin }) {
  const [person, setPerson] = useState('')
  const explain = useMutation({
    mutationFn: () => behalf.explainLaunches({ name: plugin.name, person: person.trim() }),
  })
  return (
    <Paper withBorder p="md" className="card">
      <form
        onSubmit={event => {
          event.preventDefault()
          explain.mutate()
        }}
      >
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label={WORDS.explain}
              description={WORDS.explainHelp}
              value={person}
              onChange={event => setPerson(event.currentTarget.value)}
              w="min(24rem, 100%)"
              spellCheck={false}
            />
            <Button type="submit" variant="default" disabled={person.trim() === '' || explain.isPending}>
              {explain.isPending ? WORDS.explaining : WORDS.explainAction}
            </Button>
          </Group>
          <Problem error={explain.error} />
          {explain.data && (
            <div role="status">
              <State tone={explain.data.live ? 'good' : 'warn'}>{explain.data.live ? WORDS.isIn : WORDS.isOut}</State>
              <List size="sm" mt="xs">
                {explain.data.launches.map(({ launch, version, reaches, because }) => (
                  <List.Item key={launch}>
                    {PLUGINS.versionOf(version)}: {reaches ? WORDS.becauseIn : WORDS.becauseOut}
                    {because.map(({ term, has, holds }) => (
                      <span key={term} className="dim">
                        {' '}
                        · <code>{term}</code> {has !== '' && has !== String(holds) && WORDS.has(has)}{' '}
                        {holds === true ? '✓' : holds === false ? '✗' : '?'}
                      </span>
                    ))}
                  </List.Item>
                ))}
              </List>
            </div>
          )}
        </Stack>
      </form>
    </Paper>
  )
}
