import type { Launch, Plugin } from '@behalf/sdk'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { SmallTable } from '../parts/small-table.tsx'
import { State } from '../parts/state.tsx'
import { When } from '../parts/when.tsx'
import { PLUGINS } from '../text/plugins.ts'
import { EndLaunch } from './end-launch.tsx'
import { Explain } from './explain.tsx'
import { LaunchDialog } from './launch-dialog.tsx'

const WORDS = PLUGINS.launches
const SHOWN = 3

/** For whom the plugin is live, since when, by whom and why; and the way in and out. */
export function Launches({ plugin }: { readonly plugin: Plugin }) {
  const { can } = useMe()
  const [launching, setLaunching] = useState(false)
  const [ending, setEnding] = useState<Launch | null>(null)
  const query = useQuery(wholeList('listLaunches', { name: plugin.name }))
  const live = query.data?.filter(each => each.live) ?? []
  const launch = can('plugin.launch') && (
    <Button
      onClick={() => setLaunching(true)}
      disabled={plugin.published_version === null}
      title={plugin.published_version === null ? WORDS.needVersion : undefined}
    >
      {WORDS.launch}
    </Button>
  )
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw="60ch">
          {WORDS.lead} {plugin.published_version === null && WORDS.needVersion}
        </Text>
        <Group>
          {can('plugin.launch') && live.length > 0 && <Unlaunch plugin={plugin} />}
          {query.data?.length ? launch : null}
        </Group>
      </Group>
      <Loaded query={query} what={WORDS.what}>
        {launches =>
          launches.length === 0 ? (
            <Empty title={WORDS.none} text={WORDS.noneText}>
              {launch}
            </Empty>
          ) : (
            <History launches={launches} onEnd={can('plugin.launch') ? setEnding : undefined} />
          )
        }
      </Loaded>
      {live.length > 0 && <Explain plugin={plugin} />}
      {launching && <LaunchDialog plugin={plugin} hasLive={live.length > 0} onClose={() => setLaunching(false)} />}
      {ending !== null && <EndLaunch plugin={plugin} launch={ending} onClose={() => setEnding(null)} />}
    </Stack>
  )
}

function History({
  launches,
  onEnd,
}: {
  readonly launches: readonly Launch[]
  readonly onEnd: ((launch: Launch) => void) | undefined
}) {
  return (
    <SmallTable
      rows={launches}
      minWidth={760}
      columns={[
        {
          title: WORDS.live,
          cell: ({ live, ended_at }) =>
            live ? (
              <State tone="good">{WORDS.live}</State>
            ) : (
              <Stack gap={0}>
                <State tone="plain">{WORDS.ended}</State>
                <span className="dim">
                  <When at={ended_at} />
                </span>
              </Stack>
            ),
        },
        { title: WORDS.version, cell: ({ version }) => version },
        { title: WORDS.whom, cell: ({ launch_audience }) => audienceWords(launch_audience) },
        { title: WORDS.policy, cell: ({ effective_redaction }) => WORDS.policyNames[effective_redaction] },
        {
          title: WORDS.by,
          cell: ({ launched_at, launched_by }) => (
            <Stack gap={0}>
              <When at={launched_at} />
              {principal(launched_by)}
            </Stack>
          ),
        },
        {
          title: WORDS.why,
          cell: ({ reason, end_reason }) => (
            <>
              {reason}
              {end_reason !== null && <span className="dim"> → {end_reason}</span>}
            </>
          ),
        },
        {
          title: '',
          cell: launch =>
            launch.live &&
            onEnd && (
              <Button size="compact-sm" variant="default" onClick={() => onEnd(launch)}>
                {WORDS.end}
              </Button>
            ),
        },
      ]}
    />
  )
}

const principal = (name: string) => (name.startsWith('sub_') ? <PersonName id={name} /> : <code>{name}</code>)

/** A launch audience in words. */
function audienceWords(audience: Launch['launch_audience']): string {
  const listed = (items: readonly string[]) =>
    items.length <= SHOWN ? items.join(', ') : `${items.slice(0, SHOWN).join(', ')} ${WORDS.more(items.length - SHOWN)}`
  const names = (people: readonly { readonly email: string | null; readonly subject: string | null }[]) =>
    people.map(({ email, subject }) => email ?? subject ?? '?')
  switch (audience.kind) {
    case 'people':
      return listed(names(audience.people))
    case 'groups':
      return `${WORDS.kinds['groups']}: ${listed(audience.groups)}`
    case 'everyone_but':
      return `${WORDS.kinds['everyone_but']} ${listed([...names(audience.people), ...audience.groups])}`
    case 'rule':
      return audience.rule
    default:
      return WORDS.kinds[audience.kind] ?? audience.kind
  }
}

function Unlaunch({ plugin }: { readonly plugin: Plugin }) {
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const tell = useTell()
  const unlaunch = useMutation({
    mutationFn: () => behalf.unlaunchPlugin({ name: plugin.name, reason }),
    onSuccess: async () => {
      setAsking(false)
      await client.invalidateQueries({ queryKey: ['listLaunches'] })
      tell(WORDS.unlaunched(plugin.display_name))
    },
  })
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        {WORDS.unlaunch}
      </Button>
      {asking && (
        <ConfirmByName
          name={plugin.name}
          title={WORDS.unlaunchTitle(plugin.display_name)}
          action={WORDS.unlaunchAction}
          ready={reason.trim() !== ''}
          busy={unlaunch.isPending && WORDS.unlaunching}
          error={unlaunch.error}
          onConfirm={() => unlaunch.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">{WORDS.unlaunchText}</Text>
          <TextInput
            label={WORDS.reason}
            description={WORDS.reasonHelp}
            required
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
        </ConfirmByName>
      )}
    </>
  )
}
