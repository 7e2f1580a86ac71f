import type { Attention, Connector, UsageDay } from '@behalf/sdk'
import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import { State } from '../parts/state.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { HOME as WORDS } from '../text/home.ts'
import { daysAgo } from './days.ts'

type Item = { readonly key: string; readonly words: string; readonly to: string; readonly tone: 'warn' | 'bad' }
const FAILING = { calls: 5, share: 0.5 }

/** What somebody should look at, worst first; or that there is nothing. */
export function NeedsAttention() {
  const { can } = useMe()
  const connectors = useQuery({ ...wholeList('listConnectors', {}), enabled: can('connector.read') })
  const days = useQuery({ ...wholeList('listUsageDays', { from: daysAgo(1) }), enabled: can('usage.read') })
  const standing = useQuery(reading('readAttention', {}))
  const isReading = [connectors, days, standing].some(query => query.isLoading)
  const items = [
    ...failing(days.data ?? []),
    ...waiting(connectors.data ?? []),
    ...lapsing(standing.data?.lapsing ?? []),
    ...unfinished(standing.data?.connections ?? null),
    ...strictOnes(standing.data?.turned_strict ?? []),
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

const lapsing = (found: NonNullable<Attention['lapsing']>): Item[] =>
  found.map(({ connector, connections }) => ({
    key: `lapsing/${connector}`,
    words: WORDS.lapsing(connector, connections),
    to: `/connectors/${connector}?tab=people`,
    tone: 'warn',
  }))

function unfinished(counts: Attention['connections']): Item[] {
  if (counts === null) return []
  const items = [
    { count: counts.reconnect_required, words: WORDS.reconnect, action: 'token.refresh_failed' },
    { count: counts.disconnecting, words: WORDS.retried, action: 'connection.disconnected' },
    { count: counts.disconnected_unconfirmed, words: WORDS.unconfirmed, action: 'connection.unconfirmed' },
  ]
  return items
    .filter(({ count }) => count > 0)
    .map(({ count, words, action }) => ({
      key: action,
      words: words(count),
      to: `/audit?action=${action}`,
      tone: 'warn',
    }))
}

const strictOnes = (plugins: readonly string[]): Item[] =>
  plugins.map(name => ({
    key: `strict/${name}`,
    words: WORDS.turnedStrict(name),
    to: `/plugins/${name}?tab=launches`,
    tone: 'warn',
  }))
