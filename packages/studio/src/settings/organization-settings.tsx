import type { Organization } from '@behalf/sdk'
import { Button, Group, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Copy } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { PARTS } from '../text/parts.ts'
import { SETTINGS } from '../text/settings.ts'
import { useOrganization, useSaveOrganization } from './use-organization.ts'

const WORDS = SETTINGS.organization

export function OrganizationSettings() {
  const query = useOrganization()
  return (
    <Loaded query={query} what={SETTINGS.what}>
      {organization => <Edit organization={organization} />}
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
    <form
      onSubmit={event => {
        event.preventDefault()
        if (riskier) setAsking(true)
        else send()
      }}
    >
      <Stack gap="lg" maw="40rem">
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
        <Problem error={save.error} />
        <Group>
          <Button type="submit" disabled={!dirty || save.isPending}>
            {save.isPending ? FORM.saving : FORM.save}
          </Button>
        </Group>
      </Stack>
      {asking && (
        <Dialog title={WORDS.riskTitle} onClose={() => setAsking(false)}>
          <Stack>
            <Text size="sm">{WORDS.riskText}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
                {PARTS.cancel}
              </Button>
              <Button color="red" onClick={send}>
                {WORDS.riskAction}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </form>
  )
}
