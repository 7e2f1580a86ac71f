import { type DebugWindow, isProblem, type Launch, type Plugin } from '@behalf/sdk'
import { Anchor, Button, Fieldset, Group, NativeSelect, NumberInput, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { Problem } from '../parts/problem.tsx'
import { SmallTable } from '../parts/small-table.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { FORM } from '../text/form.ts'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.debug
const TONES: Readonly<Record<DebugWindow['state'], 'good' | 'warn' | 'plain'>> = {
  asked: 'warn',
  open: 'good',
  declined: 'plain',
  lapsed: 'plain',
  over: 'plain',
  ended: 'plain',
}

/** Asks one person for more of their calls in the logs, for a while; nothing is kept before the person agrees. */
export function DebugWindows({ plugin }: { readonly plugin: Plugin }) {
  const organization = useQuery(reading('readOrganization', {}))
  const query = useQuery(wholeList('listDebugWindows', {}))
  return (
    <Stack gap="lg">
      <Text c="dimmed" maw="65ch">
        {WORDS.lead}
      </Text>
      {organization.data?.debug_windows === false ? <Text>{WORDS.off}</Text> : <Ask plugin={plugin} />}
      <Loaded query={query} what={WORDS.what}>
        {all => <Listed windows={all.filter(each => each.plugin === plugin.name)} />}
      </Loaded>
    </Stack>
  )
}

function named(launches: readonly Launch[]): readonly { readonly value: string; readonly label: string }[] {
  const people = launches
    .filter(({ live }) => live)
    .flatMap(({ launch_audience: audience }) => (audience.kind === 'people' ? audience.people : []))
    .flatMap(({ subject, email }) => (subject === null ? [] : [{ value: subject, label: email ?? subject }]))
  return [...new Map(people.map(person => [person.value, person])).values()]
}

function Ask({ plugin }: { readonly plugin: Plugin }) {
  const launches = useQuery(wholeList('listLaunches', { name: plugin.name }))
  const people = named(launches.data ?? [])
  const [subject, setSubject] = useState('')
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState(30)
  const [redaction, setRedaction] = useState<'standard' | 'permissive'>('standard')
  const client = useQueryClient()
  const tell = useTell()
  const whom = subject || people[0]?.value || ''
  const ask = useMutation({
    mutationFn: () =>
      behalf.createDebugWindow({ body: { plugin: plugin.name, subject: whom, reason, minutes, redaction } }),
    onSuccess: async () => {
      setReason('')
      tell(WORDS.asked)
      await client.invalidateQueries({ queryKey: ['listDebugWindows'] })
    },
  })
  if (launches.isSuccess && people.length === 0) return <Text>{WORDS.nobody}</Text>
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        ask.mutate()
      }}
    >
      <Fieldset legend={WORDS.ask} maw="44rem">
        <Stack gap="md">
          <NativeSelect
            label={WORDS.person}
            description={WORDS.personHelp}
            value={whom}
            data={[...people]}
            onChange={event => setSubject(event.currentTarget.value)}
          />
          <Textarea
            label={WORDS.reason}
            description={`${WORDS.reasonHelp} ${FORM.example(WORDS.reasonExample)}`}
            required
            autosize
            minRows={2}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <Group grow align="flex-start">
            <NumberInput
              label={WORDS.minutes}
              min={1}
              max={60}
              allowDecimal={false}
              hideControls
              value={minutes}
              onChange={value => setMinutes(Number(value) || 30)}
            />
            <NativeSelect
              label={WORDS.keep}
              value={redaction}
              data={Object.entries(WORDS.policies).map(([value, label]) => ({ value, label }))}
              onChange={event => setRedaction(event.currentTarget.value === 'permissive' ? 'permissive' : 'standard')}
            />
          </Group>
          <Problem error={ask.error} />
          <Group>
            <Button type="submit" disabled={reason.trim() === '' || whom === '' || ask.isPending}>
              {ask.isPending ? WORDS.asking : WORDS.ask}
            </Button>
          </Group>
        </Stack>
      </Fieldset>
    </form>
  )
}

function Listed({ windows }: { readonly windows: readonly DebugWindow[] }) {
  const { can } = useMe()
  const client = useQueryClient()
  const tell = useTell()
  const end = useMutation({
    mutationFn: (id: string) => behalf.endDebugWindow({ id }),
    onSuccess: () => tell(WORDS.ended),
    onSettled: () => client.invalidateQueries({ queryKey: ['listDebugWindows'] }),
  })
  if (windows.length === 0) return <Empty title={WORDS.emptyTitle} text={WORDS.emptyText} />
  return (
    <>
      {end.error !== null && !isProblem(end.error, 'debug_window_over') && <Problem error={end.error} />}
      <SmallTable
        rows={windows}
        minWidth={600}
        columns={[
          { title: WORDS.person, cell: ({ subject }) => <PersonName id={subject} /> },
          { title: WORDS.state, cell: ({ state }) => <State tone={TONES[state]}>{WORDS.states[state]}</State> },
          { title: WORDS.reason, cell: ({ reason }) => reason },
          { title: WORDS.until, cell: ({ ends_at }) => <When at={ends_at} none="–" /> },
          {
            title: '',
            cell: ({ id, subject, state }) => (
              <Group gap="xs" justify="flex-end">
                {can('call-log.read') && state !== 'asked' && (
                  <Anchor component={Link} to={`/logs?subject=${subject}`} size="sm">
                    {WORDS.logs}
                  </Anchor>
                )}
                {(state === 'asked' || state === 'open') && (
                  <Button size="compact-sm" variant="default" disabled={end.isPending} onClick={() => end.mutate(id)}>
                    {state === 'asked' ? WORDS.takeBack : WORDS.end}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
    </>
  )
}
