import type { Organization } from '@behalf/sdk'
import { NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { SaveForm } from '../form/save-form.tsx'
import { Ask } from '../parts/ask.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { FORM } from '../text/form.ts'
import { SETTINGS } from '../text/settings.ts'
import { useOrganization, useSaveOrganization } from './use-organization.ts'

const WORDS = SETTINGS.logging

export function LoggingSettings() {
  const query = useOrganization()
  return (
    <Loaded query={query} what={SETTINGS.what}>
      {organization => (
        <Stack gap="xl" maw="44rem" key={organization.version}>
          <Redaction organization={organization} />
          <Retention organization={organization} />
          <Roster organization={organization} />
        </Stack>
      )}
    </Loaded>
  )
}

function Redaction({ organization }: { readonly organization: Organization }) {
  const [threshold, setThreshold] = useState(organization.strict_above)
  const [debug, setDebug] = useState(organization.debug_windows)
  const [asking, setAsking] = useState(false)
  const save = useSaveOrganization(organization)
  const lower = threshold < organization.strict_above
  const dirty = lower || debug !== organization.debug_windows
  const send = () => {
    setAsking(false)
    const patch = { debug_windows: debug, ...(lower ? { strict_above: threshold } : {}) }
    // A lowered threshold has no way back; a switch has.
    save.mutate(lower ? { patch } : { patch, undo: { debug_windows: organization.debug_windows } })
  }
  return (
    <>
      <SaveForm legend={WORDS.redaction} saving={save} onSave={lower ? () => setAsking(true) : send} disabled={!dirty}>
        <NumberInput
          label={WORDS.threshold}
          description={WORDS.thresholdHelp}
          min={0}
          max={organization.strict_above}
          allowDecimal={false}
          clampBehavior="strict"
          value={threshold}
          onChange={value => setThreshold(value === '' ? organization.strict_above : Number(value))}
        />
        <Switch
          label={WORDS.debug}
          description={WORDS.debugHelp}
          checked={debug}
          onChange={event => setDebug(event.currentTarget.checked)}
        />
      </SaveForm>
      {asking && (
        <Ask
          title={WORDS.thresholdTitle(organization.strict_above, threshold)}
          text={WORDS.thresholdText}
          action={WORDS.thresholdAction}
          onConfirm={send}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

const MOST_DAYS = 90

function Retention({ organization }: { readonly organization: Organization }) {
  const before = organization.call_log_days
  const [days, setDays] = useState(before)
  const [asking, setAsking] = useState(false)
  const save = useSaveOrganization(organization)
  const send = () => {
    setAsking(false)
    save.mutate({ patch: { call_log_days: days } })
  }
  return (
    <>
      <SaveForm
        legend={WORDS.retention}
        help={WORDS.retentionText}
        saving={save}
        onSave={days < before ? () => setAsking(true) : send}
        disabled={days === before}
      >
        <NumberInput
          label={WORDS.days}
          description={WORDS.daysHelp}
          min={1}
          max={MOST_DAYS}
          allowDecimal={false}
          clampBehavior="strict"
          value={days}
          onChange={value => setDays(value === '' ? before : Number(value))}
        />
      </SaveForm>
      {asking && (
        <Ask
          title={WORDS.daysTitle(days)}
          text={WORDS.daysText}
          action={WORDS.daysAction}
          onConfirm={send}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

const toLines = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, claim]) => `${name} = ${claim}`)
    .join('\n')

const fromLines = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .map(line => line.split('=').map(part => part.trim()))
      .filter(([name]) => name)
      .map(([name = '', claim]) => [name, claim || name]),
  )

function Roster({ organization }: { readonly organization: Organization }) {
  const before = organization.roster_claims
  const [groups, setGroups] = useState(before?.groups ?? '')
  const [attributes, setAttributes] = useState(toLines(before?.attributes ?? {}))
  const save = useSaveOrganization(organization)
  const send = () => {
    const claims = { groups: groups.trim() || null, attributes: fromLines(attributes) }
    const none = claims.groups === null && Object.keys(claims.attributes).length === 0
    save.mutate({ patch: { roster_claims: none ? null : claims }, undo: { roster_claims: before } })
  }
  return (
    <SaveForm legend={WORDS.roster} help={WORDS.rosterHelp} saving={save} onSave={send}>
      <TextInput
        label={WORDS.groupsClaim}
        description={FORM.example('groups')}
        value={groups}
        onChange={event => setGroups(event.currentTarget.value)}
        spellCheck={false}
      />
      <Textarea
        label={WORDS.attributes}
        description={WORDS.attributesHelp}
        autosize
        minRows={2}
        value={attributes}
        onChange={event => setAttributes(event.currentTarget.value)}
        spellCheck={false}
      />
    </SaveForm>
  )
}
