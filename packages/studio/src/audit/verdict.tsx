import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { Copy } from '../parts/copy.tsx'
import { Problem } from '../parts/problem.tsx'
import { AUDIT as WORDS } from '../text/audit.ts'

/** Walks the whole chain when asked, and says what it found. */
export function Verdict() {
  const verify = useMutation({ mutationFn: () => behalf.readAuditVerdict() })
  const verdict = verify.data
  return (
    <Stack gap="sm" mb="md">
      <Group>
        <Button variant="default" disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? WORDS.verifying : WORDS.verify}
        </Button>
      </Group>
      <Problem error={verify.error} />
      {verdict?.sound === true && (
        <Alert color="good" role="status" title={WORDS.sound(verdict.events ?? 0)}>
          <Text size="sm">{WORDS.headHelp}</Text>
          <Copy value={verdict.head ?? ''} what={WORDS.head} />
        </Alert>
      )}
      {verdict?.sound === false && (
        <Alert color="red" role="alert" title={WORDS.broken(verdict.broken_at ?? 0)}>
          <Text size="sm">{WORDS.brokenKinds[verdict.broken ?? 'altered']}</Text>
          <Text size="sm">{WORDS.brokenAdvice}</Text>
        </Alert>
      )}
    </Stack>
  )
}
