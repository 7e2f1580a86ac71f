import type { UsageDay } from '@behalf/sdk'
import { Paper, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { wholeList } from '../api/queries.ts'
import { Chart } from '../parts/chart.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { HOME as WORDS } from '../text/home.ts'
import { daysAgo, lastDays } from './days.ts'

const DAYS = 30
const number = (value: number): string => value.toLocaleString('en')

/** Calls a day, those that failed apart, and which plugin made them. */
export function Usage() {
  const query = useQuery(wholeList('listUsageDays', { from: daysAgo(DAYS - 1) }))
  return (
    <section aria-labelledby="usage">
      <Title order={2} id="usage" mb="sm">
        {WORDS.usage}
      </Title>
      <Loaded query={query} what={WORDS.usageWhat}>
        {days => (days.length === 0 ? <Text c="dimmed">{WORDS.usageNone}</Text> : <Shown days={days} />)}
      </Loaded>
    </section>
  )
}

function Shown({ days }: { readonly days: readonly UsageDay[] }) {
  const byDay = lastDays(DAYS).map(day => {
    const its = days.filter(each => each.day === day)
    return {
      label: day,
      value: its.reduce((sum, { calls }) => sum + calls, 0),
      second: its.reduce((sum, { failures }) => sum + failures, 0),
    }
  })
  const total = byDay.reduce((sum, { value }) => sum + value, 0)
  const failed = byDay.reduce((sum, { second }) => sum + second, 0)
  const plugins = Map.groupBy(days, ({ plugin }) => plugin)
  const rows = [...plugins].map(([plugin, its]) => ({
    plugin,
    calls: its.reduce((sum, { calls }) => sum + calls, 0),
    failures: its.reduce((sum, { failures }) => sum + failures, 0),
  }))
  return (
    <Paper withBorder p="md" className="card">
      <Text fw={600} mb="xs">
        {WORDS.chart(number(total), number(failed))}
      </Text>
      <Chart label={WORDS.chart(number(total), number(failed))} bars={byDay} words={[WORDS.calls, WORDS.failed]} />
      <Table mt="md" aria-label={WORDS.byPlugin}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{WORDS.plugin}</Table.Th>
            <Table.Th ta="right">{WORDS.calls}</Table.Th>
            <Table.Th ta="right">{WORDS.failed}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows
            .toSorted((a, b) => b.calls - a.calls)
            .map(({ plugin, calls, failures }) => (
              <Table.Tr key={plugin}>
                <Table.Td>{plugin}</Table.Td>
                <Table.Td ta="right">{number(calls)}</Table.Td>
                <Table.Td ta="right">{number(failures)}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
