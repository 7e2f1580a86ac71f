import type { Organization } from '@behalf/sdk'
import { NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { SaveForm } from '../form/save-form.tsx'
import { Ask } from '../parts/ask.tsx'
import { Copy } from '../parts/copy.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PictureUpload } from '../parts/picture-upload.tsx'
import { SETTINGS } from '../text/settings.ts'
import { useOrganization, useSaveOrganization } from './use-organization.ts'

const WORDS = SETTINGS.organization

export function OrganizationSettings() {
  const query = useOrganization()
  return (
    <Loaded query={query} what={SETTINGS.what}>
      {organization => (
        <Stack gap="xl" maw="40rem">
          <Edit key={organization.version} organization={organization} />
          <Logo organization={organization} />
        </Stack>
      )}
    </Loaded>
  )
}

function Edit({ organization }: { readonly organization: Organization }) {
  const [name, setName] = useState(organization.name)
  const [policy, setPolicy] = useState(organization.callback_policy)
  const [idle, setIdle] = useState(organization.subject_idle_days)
  const [asking, setAsking] = useState(false)
  const save = useSaveOrganization(organization)
  const before = {
    name: organization.name,
    callback_policy: organization.callback_policy,
    subject_idle_days: organization.subject_idle_days,
  }
  const now = { name, callback_policy: policy, subject_idle_days: idle }
  const dirty = JSON.stringify(before) !== JSON.stringify(now)
  const riskier = policy === 'shared_callback_accepted' && before.callback_policy === 'safe'
  const send = () => {
    setAsking(false)
    save.mutate({ patch: now, undo: before })
  }
  return (
    <>
      <SaveForm saving={save} onSave={riskier ? () => setAsking(true) : send} disabled={!dirty}>
        <TextInput
          label={WORDS.name}
          description={WORDS.nameHelp}
          required
          value={name}
          onChange={e => setName(e.currentTarget.value)}
        />
        <div>
          <Text size="sm" fw={500}>
            {WORDS.callback}
          </Text>
          <Text size="xs" c="dimmed" mb={4}>
            {WORDS.callbackHelp}
          </Text>
          <Copy value={organization.callback_url} what={WORDS.callback} />
        </div>
        <Radio.Group
          label={WORDS.policy}
          description={WORDS.policyHelp}
          value={policy}
          onChange={value => setPolicy(value === 'safe' ? 'safe' : 'shared_callback_accepted')}
        >
          <Stack gap="xs" mt="xs">
            {Object.entries(WORDS.policies).map(([value, label]) => (
              <Radio key={value} value={value} label={label} />
            ))}
          </Stack>
        </Radio.Group>
        <NumberInput
          label={WORDS.idle}
          description={WORDS.idleHelp}
          min={1}
          max={365}
          allowDecimal={false}
          hideControls
          value={idle ?? ''}
          onChange={value => setIdle(value === '' ? null : Number(value))}
        />
      </SaveForm>
      {asking && (
        <Ask
          title={WORDS.riskTitle}
          text={WORDS.riskText}
          action={WORDS.riskAction}
          onConfirm={send}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

function Logo({ organization }: { readonly organization: Organization }) {
  const client = useQueryClient()
  const readAgain = () => client.invalidateQueries({ queryKey: ['readOrganization'] })
  return (
    <PictureUpload
      title={WORDS.logo}
      help={WORDS.logoHelp}
      shown={organization.logo_url}
      put={body => behalf.putLogo({ body }).then(readAgain)}
      remove={() => behalf.deleteLogo({}).then(readAgain)}
    />
  )
}
