import type { Attention, Connector } from '@behalf/sdk'
import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import { State } from '../parts/state.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { HOME as WORDS } from '../text/home.ts'

type Item = {
  readonly key: string
  readonly words: string
  /** Where one looks at it; undefined where one may not. */
  readonly to: string | undefined
  readonly tone: 'warn' | 'bad'
}
type Can = ReturnType<typeof useMe>['can']

/** What somebody should look at, worst first; or that there is nothing. */
export function NeedsAttention() {
  const { can } = useMe()
  const connectors = useQuery({ ...wholeList('listConnectors', {}), enabled: can('connector.read') })
  const standing = useQuery(reading('readAttention', {}))
  const isReading = [connectors, standing].some(query => query.isLoading)
  const items = [
    ...failing(standing.data?.connectors ?? [], can),
    ...waiting(connectors.data ?? []),
    ...lapsing(standing.data?.lapsing ?? [], can),
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
                {to !== undefined && (
                  <Anchor component={Link} to={to} size="sm" aria-label={`${WORDS.look}: ${words}`}>
                    {WORDS.look}
                  </Anchor>
                )}
              </List.Item>
            ))}
          </List>
        </Paper>
      )}
    </section>
  )
}

const failing = (found: NonNullable<Attention['connectors']>, can: Can): Item[] =>
  found
    .filter(each => each.failing)
    .map(({ name, calls, failures, rejected, unwell }) => ({
      key: `failing/${name}`,
      words:
        rejected > 0
          ? WORDS.rejected(name, rejected)
          : unwell
            ? WORDS.unwell(name)
            : WORDS.failing(name, failures, calls),
      to: placeOfFailure(name, rejected > 0 || unwell, can),
      tone: 'bad',
    }))

function placeOfFailure(name: string, isConnector: boolean, can: Can): string | undefined {
  if (!isConnector && can('call-log.read')) return `/logs?connector=${name}&level=error`
  if (can('connector.read')) return `/connectors/${name}?tab=test`
  return isConnector ? `/audit?target=${name}` : undefined
}

function waiting(connectors: readonly Connector[]): Item[] {
  const count = connectors.filter(({ approved }) => !approved).length
  return count === 0
    ? []
    : [{ key: 'waiting', words: WORDS.waiting(count), to: '/connectors?state=waiting', tone: 'warn' }]
}

const lapsing = (found: NonNullable<Attention['lapsing']>, can: Can): Item[] =>
  found.map(({ connector, connections }) => ({
    key: `lapsing/${connector}`,
    words: WORDS.lapsing(connector, connections),
    to: can('connector.read') ? `/connectors/${connector}?tab=people` : undefined,
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
