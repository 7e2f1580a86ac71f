import type { Plugin } from '@behalf/sdk'
import { Button, Checkbox, Group, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useTell } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { PARTS } from '../text/parts.ts'
import { PLUGINS } from '../text/plugins.ts'
import { audienceOf, type Boxes, EMPTY, type Kind } from './launch-audience.ts'
import { LaunchPreview } from './launch-preview.tsx'

const WORDS = PLUGINS.launches
const KINDS: readonly Kind[] = ['people', 'groups', 'rule', 'everyone', 'everyone_but', 'nobody']
type Policy = 'permissive' | 'standard' | 'strict'

/** Launches a version: for whom, how much is written down, why; and before that, whom it reaches. */
export function LaunchDialog({
  plugin,
  hasLive,
  onClose,
}: {
  readonly plugin: Plugin
  readonly hasLive: boolean
  readonly onClose: () => void
}) {
  const { email } = useMe()
  const [boxes, setBoxes] = useState<Boxes>(EMPTY)
  const [redaction, setRedaction] = useState<Policy>('standard')
  const [reason, setReason] = useState('')
  const [replace, setReplace] = useState(false)
  const [version, setVersion] = useState(plugin.published_version ?? 1)
  const versions = useQuery(wholeList('listPluginVersions', { name: plugin.name }))
  const client = useQueryClient()
  const tell = useTell()
  const audience = audienceOf(boxes)
  const launch = useMutation({
    mutationFn: async (count: string) => {
      if (audience === undefined) return
      await behalf.launchPlugin({
        name: plugin.name,
        body: { version, launch_audience: audience, redaction, reason, replace },
      })
      tell(WORDS.launched(plugin.display_name, count))
    },
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: ['listLaunches'] })
    },
  })
  const [count, setCount] = useState('')
  return (
    <Dialog title={WORDS.title(plugin.display_name)} onClose={onClose} size="lg">
      <form
        onSubmit={event => {
          event.preventDefault()
          launch.mutate(count)
        }}
      >
        <Stack gap="md">
          <Group grow align="flex-start">
            <NativeSelect
              label={WORDS.version}
              value={String(version)}
              data={(versions.data ?? [{ version }]).map(each => ({
                value: String(each.version),
                label: PLUGINS.versionOf(each.version),
              }))}
              onChange={event => setVersion(Number(event.currentTarget.value))}
            />
            <NativeSelect
              label={WORDS.kind}
              data-autofocus
              value={boxes.kind}
              data={KINDS.map(kind => ({ value: kind, label: WORDS.kinds[kind] ?? kind }))}
              onChange={event => setBoxes({ ...boxes, kind: event.currentTarget.value as Kind })}
            />
          </Group>
          <Whom boxes={boxes} onChange={setBoxes} own={email} />
          <LaunchPreview
            plugin={plugin.name}
            audience={audience}
            redaction={redaction}
            replace={replace}
            onCount={setCount}
          />
          <Radio.Group
            label={WORDS.redaction}
            description={WORDS.redactionHelp}
            value={redaction}
            onChange={value => setRedaction(value as Policy)}
          >
            <Stack gap="xs" mt="xs">
              {Object.entries(WORDS.policies).map(([value, label]) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          {hasLive && (
            <Checkbox
              label={WORDS.replace}
              checked={replace}
              onChange={event => setReplace(event.currentTarget.checked)}
            />
          )}
          <TextInput
            label={WORDS.reason}
            description={WORDS.reasonHelp}
            required
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <Problem error={launch.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {PARTS.cancel}
            </Button>
            <Button type="submit" disabled={audience === undefined || reason.trim() === '' || launch.isPending}>
              {launch.isPending ? WORDS.launching : WORDS.go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function Whom({
  boxes,
  onChange,
  own,
}: {
  readonly boxes: Boxes
  readonly onChange: (boxes: Boxes) => void
  readonly own: string | null
}) {
  const { kind } = boxes
  const box = (name: 'people' | 'groups', label: string, help: string) => (
    <Textarea
      label={label}
      description={help}
      autosize
      minRows={3}
      maxRows={6}
      spellCheck={false}
      value={boxes[name]}
      onChange={event => onChange({ ...boxes, [name]: event.currentTarget.value })}
    />
  )
  return (
    <>
      {kind === 'people' && (
        <>
          {box('people', WORDS.people, WORDS.peopleHelp)}
          {own !== null && !boxes.people.includes(own) && (
            <Group>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => onChange({ ...boxes, people: [boxes.people.trim(), own].filter(Boolean).join('\n') })}
              >
                {WORDS.yourself}
              </Button>
            </Group>
          )}
        </>
      )}
      {kind === 'everyone_but' && box('people', WORDS.butPeople, WORDS.peopleHelp)}
      {kind === 'everyone_but' && box('groups', WORDS.butGroups, WORDS.groupsHelp)}
      {kind === 'groups' && box('groups', WORDS.groups, WORDS.groupsHelp)}
      {kind === 'rule' && (
        <Textarea
          label={WORDS.rule}
          description={`${WORDS.ruleHelp} ${FORM.example(WORDS.ruleExample)}`}
          autosize
          minRows={2}
          spellCheck={false}
          value={boxes.rule}
          onChange={event => onChange({ ...boxes, rule: event.currentTarget.value })}
        />
      )}
      {kind === 'nobody' && <Text size="sm">{WORDS.noneText}</Text>}
    </>
  )
}
