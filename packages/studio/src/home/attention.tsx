import type { Connector, Launch, Plugin, UsageDay } from '@behalf/sdk'
import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import { State } from '../parts/state.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { HOME as WORDS } from '../text/home.ts'
import { daysAgo } from './days.ts'

type Item = { readonly key: string; readonly words: string; readonly to: string; readonly tone: 'warn' | 'bad' }
const MOST = 200
const FAILING = { calls: 5, share: 0.5 }
const PLUGINS_LOOKED_AT = 30

/** What somebody should look at, worst first; or that there is nothing. */
export function Attention() {
  const { can } = useMe()
  const people = can('connection.read')
  const connectors = useQuery({ ...wholeList('listConnectors', {}), enabled: can('connector.read') })
  const plugins = useQuery({ ...wholeList('listPlugins', {}), enabled: can('plugin.read') })
  const days = useQuery({ ...wholeList('listUsageDays', { from: daysAgo(1) }), enabled: can('usage.read') })
  const states = useQueries({
    queries: (['reconnect_required', 'disconnecting', 'disconnected_unconfirmed'] as const).map(status => ({
      ...reading('listConnections', { status, limit: MOST }),
      enabled: people,
    })),
  })
  const launches = useQueries({
    queries: (plugins.data ?? [])
      .slice(0, PLUGINS_LOOKED_AT)
      .map(({ name }) => reading('listLaunches', { name, limit: 20 })),
  })
  const isReading = [connectors, plugins, days, ...states, ...launches].some(query => query.isLoading)
  const counts = states.map(({ data }) => data?.items.length ?? 0)
  const strict = (plugins.data ?? []).filter((_, index) => launches[index]?.data?.items.some(turnedStrict))
  const items = [
    ...failing(days.data ?? []),
    ...waiting(connectors.data ?? []),
    ...standing(counts),
    ...strictOnes(strict),
  ]
  return (
    <section aria-labelledby="attention">
      <Title order={2} id="attention" mb="sm">
        {WORDS.attention}
      </Title>
      {isReading ? (
        <Waiting what={WORDS.attentionWhat} />
      ) : items.length === 0 ? (
        <Text c="dimmed">{WORDS.calm}</Text>
      ) : (
        <Paper withBorder p="md" className="card">
          <List listStyleType="none" spacing="xs">
            {items.map(({ key, words, to, tone }) => (
              <List.Item key={key}>
                <State tone={tone}>{words}</State>{' '}
                <Anchor component={Link} to={to} size="sm" aria-label={`${WORDS.look}: ${words}`}>
                  {WORDS.look}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </Paper>
      )}
    </section>
  )
}

const turnedStrict = ({ live, redaction, effective_redaction: now }: Launch): boolean =>
  live && now === 'strict' && redaction !== 'strict'

function failing(days: readonly UsageDay[]): Item[] {
  const sums = new Map<string, { calls: number; failures: number }>()
  for (const { connector, calls, failures } of days) {
    const sum = sums.get(connector) ?? { calls: 0, failures: 0 }
    sums.set(connector, { calls: sum.calls + calls, failures: sum.failures + failures })
  }
  return [...sums]
    .filter(([, { calls, failures }]) => calls >= FAILING.calls && failures / calls >= FAILING.share)
    .map(([connector, { calls, failures }]) => ({
      key: `failing/${connector}`,
      words: WORDS.failing(connector, failures, calls),
      to: `/logs?connector=${connector}&level=error`,
      tone: 'bad',
    }))
}

function waiting(connectors: readonly Connector[]): Item[] {
  const count = connectors.filter(({ approved }) => !approved).length
  return count === 0
    ? []
    : [{ key: 'waiting', words: WORDS.waiting(count), to: '/connectors?state=waiting', tone: 'warn' }]
}

const atMost = (count: number): string => (count >= MOST ? `${MOST}+` : String(count))

function standing([reconnect = 0, retried = 0, unconfirmed = 0]: readonly number[]): Item[] {
  const items: Item[] = [
    {
      key: 'reconnect',
      words: WORDS.reconnect(atMost(reconnect)),
      to: '/audit?action=token.refresh_failed',
      tone: 'warn',
    },
    {
      key: 'retried',
      words: WORDS.retried(atMost(retried)),
      to: '/audit?action=connection.disconnected',
      tone: 'warn',
    },
    {
      key: 'unconfirmed',
      words: WORDS.unconfirmed(atMost(unconfirmed)),
      to: '/audit?action=connection.unconfirmed',
      tone: 'warn',
    },
  ]
  const counts = [reconnect, retried, unconfirmed]
  return items.filter((_, index) => (counts[index] ?? 0) > 0)
}

const strictOnes = (plugins: readonly Plugin[]): Item[] =>
  plugins.map(({ name, display_name }) => ({
    key: `strict/${name}`,
    words: WORDS.turnedStrict(display_name),
    to: `/plugins/${name}?tab=launches`,
    tone: 'warn',
  }))
