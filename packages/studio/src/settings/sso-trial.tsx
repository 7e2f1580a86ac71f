import { isProblem, type Organization, type SsoTrial } from '@behalf/sdk'
import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { keyOf, reading } from '../api/queries.ts'
import { urlFault } from '../form/check.ts'
import { SaveForm } from '../form/save-form.tsx'
import { Ask } from '../parts/ask.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { State } from '../parts/state.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { PEOPLE } from '../text/people.ts'
import { SETTINGS } from '../text/settings.ts'

const WORDS = SETTINGS.sso.change
type Props = { readonly organization: Organization }

/** Another SSO: its settings, a real sign-in by them, and only then the saving. */
export function SsoTrialSection({ organization }: Props) {
  const [{ trial: id }, change] = useFilters()
  const query = useQuery({ ...reading('readSsoTrial', { id: id ?? '' }), enabled: id !== undefined, staleTime: 0 })
  if (id === undefined) return <Settings organization={organization} from={organization.sso} />
  return (
    <Loaded query={query} what={WORDS.what}>
      {trial => (
        <Stack gap="md">
          <Outcome organization={organization} trial={trial} onOver={() => change({ trial: undefined })} />
          {trial.state !== 'passed' && <Settings key={trial.id} organization={organization} from={trial} />}
        </Stack>
      )}
    </Loaded>
  )
}

function Settings({ organization, from }: Props & { readonly from: { issuer: string; client_id: string } }) {
  const [issuer, setIssuer] = useState(from.issuer)
  const [clientId, setClientId] = useState(from.client_id)
  const [secret, setSecret] = useState('')
  const own = issuer === organization.sso.issuer
  const ask = useMutation({
    mutationFn: async () => {
      const body = { issuer, client_id: clientId, ...(secret === '' && own ? {} : { client_secret: secret }) }
      const { sign_in_url } = await behalf.trySso({ body })
      window.location.assign(sign_in_url)
    },
  })
  return (
    <SaveForm
      legend={WORDS.title}
      help={WORDS.help}
      saving={ask}
      onSave={() => ask.mutate()}
      words={{ action: WORDS.test, busy: WORDS.testing }}
      disabled={issuer === '' || clientId === '' || urlFault(issuer) !== undefined}
    >
      <TextInput
        label={SETTINGS.sso.issuer}
        description={WORDS.issuerHelp}
        required
        value={issuer}
        error={urlFault(issuer)}
        onChange={event => setIssuer(event.currentTarget.value)}
        spellCheck={false}
      />
      <TextInput
        label={SETTINGS.sso.clientId}
        required
        value={clientId}
        onChange={event => setClientId(event.currentTarget.value)}
        spellCheck={false}
      />
      <PasswordInput
        label={WORDS.secret}
        description={own ? WORDS.secretKept : WORDS.secretNew}
        value={secret}
        onChange={event => setSecret(event.currentTarget.value)}
        autoComplete="off"
      />
    </SaveForm>
  )
}

function Outcome({ organization, trial, onOver }: Props & { readonly trial: SsoTrial; readonly onOver: () => void }) {
  const { person, reason } = trial
  if (person !== null) return <Passed organization={organization} trial={trial} person={person} onOver={onOver} />
  const failed = trial.state === 'failed'
  return (
    <Alert color={failed ? 'red' : 'yellow'} variant="light" title={failed ? WORDS.failed : WORDS.waiting} role="alert">
      <Text size="sm">
        {failed ? (WORDS.reasons[reason ?? ''] ?? WORDS.otherReason(reason ?? '')) : WORDS.waitingText}
      </Text>
      <Group mt="sm" gap="xs">
        <Button size="compact-sm" variant="default" component="a" href={trial.sign_in_url}>
          {WORDS.again}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={onOver}>
          {WORDS.drop}
        </Button>
      </Group>
    </Alert>
  )
}

type PassedProps = Props & {
  readonly trial: SsoTrial
  readonly person: NonNullable<SsoTrial['person']>
  readonly onOver: () => void
}

function Passed({ organization, trial, person, onOver }: PassedProps) {
  const client = useQueryClient()
  const tell = useTell()
  const [asking, setAsking] = useState(false)
  const name = person.name ?? person.email ?? person.sub
  const moves = trial.issuer !== organization.sso.issuer
  const save = useMutation({
    mutationFn: () => behalf.putSso({ version: organization.version, body: { trial: trial.id } }),
    onSuccess: now => {
      client.setQueryData(keyOf('readOrganization', {}), now)
      tell(WORDS.saved(name))
      onOver()
    },
    onError: error => {
      if (isProblem(error, 'version_conflict')) void client.invalidateQueries({ queryKey: ['readOrganization'] })
    },
  })
  return (
    <Paper component="section" withBorder p="md" className="card" aria-label={WORDS.passed}>
      <State tone="good">{WORDS.passed}</State>
      <dl className="fact spaced">
        <dt>{SETTINGS.sso.issuer}</dt>
        <dd>{trial.issuer}</dd>
        <dt>{SETTINGS.sso.clientId}</dt>
        <dd>{trial.client_id}</dd>
        <dt>{WORDS.cameBack}</dt>
        <dd>{person.email === null ? name : `${name} (${person.email})`}</dd>
        <dt>{PEOPLE.roles}</dt>
        <dd>{person.roles.map(role => PEOPLE.roleNames[role] ?? role).join(', ') || PEOPLE.noRoles}</dd>
      </dl>
      <Stack gap={4} mb="md">
        {!person.roles.includes('admin') && <Text size="sm">{WORDS.becomesAdmin(name)}</Text>}
        {moves && <Text size="sm">{WORDS.otherIssuer}</Text>}
      </Stack>
      <Group gap="xs">
        <Button onClick={() => setAsking(true)}>{WORDS.save}</Button>
        <Button variant="subtle" onClick={onOver}>
          {WORDS.drop}
        </Button>
      </Group>
      {asking && (
        <Ask
          title={WORDS.askTitle}
          text={WORDS.askText(trial.issuer)}
          action={WORDS.save}
          doing={{ ...save, busy: WORDS.saving }}
          onConfirm={() => save.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </Paper>
  )
}
