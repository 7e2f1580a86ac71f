import type { Organization } from '@behalf/sdk'
import { Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { SaveForm } from '../form/save-form.tsx'
import { Copy } from '../parts/copy.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { FORM } from '../text/form.ts'
import { PEOPLE } from '../text/people.ts'
import { SETTINGS } from '../text/settings.ts'
import { SsoTrialSection } from './sso-trial.tsx'
import { useOrganization, useSaveOrganization } from './use-organization.ts'

const WORDS = SETTINGS.sso
const ROLES = ['developer', 'log_viewer', 'auditor', 'admin'] as const
type Values = NonNullable<Organization['role_mapping']>['values']

export function SsoSettings() {
  const query = useOrganization()
  return (
    <Loaded query={query} what={SETTINGS.what}>
      {organization => (
        <Stack gap="lg" maw="44rem">
          <Text c="dimmed">{WORDS.lead}</Text>
          <dl className="fact">
            <dt>{WORDS.callback}</dt>
            <dd>
              <Copy value={organization.sso.callback_url} what={WORDS.callback} />
            </dd>
            <dt>{WORDS.issuer}</dt>
            <dd>{organization.sso.issuer}</dd>
            <dt>{WORDS.clientId}</dt>
            <dd>{organization.sso.client_id}</dd>
          </dl>
          <SsoTrialSection organization={organization} />
          <Mapping key={organization.version} organization={organization} />
        </Stack>
      )}
    </Loaded>
  )
}

const lines = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)

function Mapping({ organization }: { readonly organization: Organization }) {
  const before = organization.role_mapping
  const [claim, setClaim] = useState(before?.claim ?? '')
  const [values, setValues] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(ROLES.map(role => [role, (before?.values[role] ?? []).join('\n')])),
  )
  const save = useSaveOrganization(organization)
  const send = () => {
    const given = ROLES.map(role => [role, lines(values[role] ?? '')] as const).filter(([, list]) => list.length > 0)
    const mapping = claim.trim() === '' ? null : { claim: claim.trim(), values: Object.fromEntries(given) as Values }
    save.mutate({ patch: { role_mapping: mapping }, undo: { role_mapping: before } })
  }
  return (
    <SaveForm legend={WORDS.mapping} help={WORDS.mappingHelp} saving={save} onSave={send}>
      <TextInput
        label={WORDS.claim}
        description={WORDS.claimHelp}
        value={claim}
        onChange={event => setClaim(event.currentTarget.value)}
        spellCheck={false}
      />
      {ROLES.map(role => (
        <Textarea
          key={role}
          label={WORDS.valuesOf(PEOPLE.roleNames[role] ?? role)}
          description={FORM.onePerLine}
          autosize
          minRows={1}
          value={values[role] ?? ''}
          onChange={event => setValues({ ...values, [role]: event.currentTarget.value })}
          spellCheck={false}
        />
      ))}
    </SaveForm>
  )
}
