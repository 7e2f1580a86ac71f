import { Group, Loader, Text } from '@mantine/core'
import { PARTS } from '../text/parts.ts'

/** Waiting, and what for: never a spinner alone. */
export function Waiting({ what }: { readonly what: string }) {
  return (
    <Group gap="sm" py="lg" role="status">
      <Loader size="xs" aria-hidden />
      <Text c="dimmed">{PARTS.reading(what)}</Text>
    </Group>
  )
}
