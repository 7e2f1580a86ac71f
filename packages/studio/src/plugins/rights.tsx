import type { Plugin } from '@behalf/sdk'
import { Button, Group, NumberInput, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf } from '../api/queries.ts'
import { Ask } from '../parts/ask.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.rights
const lines = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
const kindOf = ({ trusted }: Plugin) => (typeof trusted === 'string' ? trusted : 'subjects')

/** For whom the plugin may speak without a token, and whose tokens it may take away: an admin's to give. */
export function Rights({ plugin }: { readonly plugin: Plugin }) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const readOnly = !can('plugin.grant')
  const [audiences, setAudiences] = useState(plugin.subject_token_audiences.join('\n'))
  const [age, setAge] = useState(plugin.subject_token_max_age)
  const [kind, setKind] = useState<string>(kindOf(plugin))
  const [subjects, setSubjects] = useState(typeof plugin.trusted === 'string' ? '' : plugin.trusted.subjects.join('\n'))
  const [release, setRelease] = useState(plugin.token_release.join('\n'))
  const [asking, setAsking] = useState(false)
  const fresh = lines(release).filter(name => !plugin.token_release.includes(name))
  const put = (now: Plugin) => client.setQueryData(keyOf('readPlugin', { name: now.name }), now)
  const save = useMutation({
    mutationFn: () =>
      behalf.updatePlugin({
        name: plugin.name,
        version: plugin.version,
        body: {
          subject_token_audiences: lines(audiences),
          subject_token_max_age: age,
          trusted: kind === 'subjects' ? { subjects: lines(subjects) } : kind,
          token_release: lines(release),
        },
      }),
    onSuccess: now => {
      put(now)
      tell(WORDS.saved)
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (fresh.length > 0) setAsking(true)
        else save.mutate()
      }}
    >
      <Stack gap="lg" maw="44rem">
        <Text c="dimmed">
          {WORDS.lead} {readOnly && WORDS.developer}
        </Text>
        <Textarea
          label={WORDS.audiences}
          description={`${WORDS.audiencesHelp} ${FORM.onePerLine}`}
          autosize
          minRows={2}
          readOnly={readOnly}
          spellCheck={false}
          value={audiences}
          onChange={event => setAudiences(event.currentTarget.value)}
        />
        <NumberInput
          label={WORDS.age}
          min={1}
          max={1440}
          hideControls
          readOnly={readOnly}
          value={age}
          onChange={value => setAge(Number(value) || 1)}
        />
        <Radio.Group
          label={WORDS.trusted}
          description={WORDS.trustedHelp}
          value={kind}
          onChange={setKind}
          readOnly={readOnly}
        >
          <Stack gap="xs" mt="xs">
            {Object.entries(WORDS.trustedChoices).map(([value, label]) => (
              <Radio key={value} value={value} label={label} disabled={readOnly} />
            ))}
          </Stack>
        </Radio.Group>
        {kind === 'subjects' && (
          <Textarea
            label={WORDS.subjects}
            description={FORM.onePerLine}
            autosize
            minRows={2}
            readOnly={readOnly}
            spellCheck={false}
            value={subjects}
            onChange={event => setSubjects(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={WORDS.release}
          description={`${WORDS.releaseHelp} ${FORM.onePerLine}`}
          autosize
          minRows={2}
          readOnly={readOnly}
          spellCheck={false}
          value={release}
          onChange={event => setRelease(event.currentTarget.value)}
        />
        <Problem error={save.error} />
        {!readOnly && (
          <Group>
            <Button type="submit" disabled={save.isPending}>
              {save.isPending ? FORM.saving : FORM.save}
            </Button>
          </Group>
        )}
      </Stack>
      {asking && (
        <Ask
          title={WORDS.releaseTitle}
          text={WORDS.releaseText(fresh.join(', '))}
          action={WORDS.releaseAction}
          onConfirm={() => {
            setAsking(false)
            save.mutate()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  )
}
