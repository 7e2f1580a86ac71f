import { Button, Code, CopyButton, Group, Text } from '@mantine/core'
import { PARTS } from '../text/parts.ts'

/** Something to take along exactly, with a button that says what it did. */
export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="center" className="copy">
      <Code className="copied">{value}</Code>
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy} aria-label={PARTS.copyOf(what)}>
            {copied ? PARTS.copied : PARTS.copy}
          </Button>
        )}
      </CopyButton>
      <Text component="span" className="unseen" role="status" />
    </Group>
  )
}
