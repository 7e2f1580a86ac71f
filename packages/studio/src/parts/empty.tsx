import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** An empty state that teaches: what would be here, why one wants it, and the way to it. */
export function Empty({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <Paper withBorder p="xl" className="card">
      <Stack gap="sm" align="flex-start">
        <Title order={2}>{title}</Title>
        <Text c="dimmed" maw="65ch">
          {text}
        </Text>
        {children}
      </Stack>
    </Paper>
  )
}
