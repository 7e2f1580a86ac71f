import { Alert, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { behalf } from '../api/client.ts'
import { reading } from '../api/queries.ts'
import { Problem } from '../parts/problem.tsx'
import { PLUGINS } from '../text/plugins.ts'
import type { Given } from './launch-audience.ts'

const WORDS = PLUGINS.launches
const STRICT_ABOVE = 10

type Props = {
  readonly plugin: string
  readonly audience: Given | undefined
  readonly redaction: 'permissive' | 'standard' | 'strict'
  readonly replace: boolean
  readonly onCount: (words: string) => void
}

/** How many people a launch reaches, some of them by name, and how much of their calls would be written. */
export function LaunchPreview({ plugin, audience, redaction, replace, onCount }: Props) {
  const [key] = useDebouncedValue(JSON.stringify({ audience, redaction, replace }), 300)
  const asked = JSON.parse(key) as Pick<Props, 'redaction' | 'replace'> & { readonly audience?: Given }
  const organization = useQuery(reading('readOrganization', {}))
  const query = useQuery({
    queryKey: ['previewLaunch', plugin, key],
    enabled: asked.audience !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const { audience: launch_audience = { kind: 'nobody' }, ...rest } = asked
      return behalf.previewLaunch(
        { name: plugin, body: { launch_audience, ...rest } },
        { signal, idempotencyKey: false },
      )
    },
  })
  const preview = audience === undefined ? undefined : query.data
  const words = preview === undefined ? '' : WORDS.count(preview.people)
  useEffect(() => onCount(words), [words, onCount])
  if (audience === undefined)
    return (
      <Text size="sm" c="dimmed">
        {WORDS.incomplete}
      </Text>
    )
  if (query.error !== null) return <Problem error={query.error} />
  if (preview === undefined)
    return (
      <Text size="sm" c="dimmed" role="status">
        {WORDS.previewing}
      </Text>
    )
  const { why_strict: why } = preview
  const threshold = organization.data?.strict_above ?? STRICT_ABOVE
  const policy =
    why === 'over_threshold'
      ? WORDS.enforced(threshold)
      : why === 'open_ended'
        ? WORDS.enforcedOpen
        : WORDS.asWished(WORDS.policyNames[preview.effective_redaction] ?? '')
  return (
    <Alert color={why === null ? 'accent' : 'warn'} variant="light" title={`${words}; ${policy}`} role="status">
      <Stack gap={4}>
        {preview.named_in_all > preview.people && <Text size="sm">{WORDS.together(preview.named_in_all)}</Text>}
        {preview.not_signed_in > 0 && <Text size="sm">{WORDS.notSignedIn(preview.not_signed_in)}</Text>}
        {preview.redaction_once_agreed !== preview.effective_redaction && (
          <Text size="sm">{WORDS.onceAgreed(WORDS.policyNames[preview.redaction_once_agreed] ?? '')}</Text>
        )}
        {preview.sample.length > 0 && (
          <Text size="sm">
            {WORDS.sample}: {preview.sample.map(({ name, email, subject }) => name ?? email ?? subject).join(', ')}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}
