import type { Organization } from '@behalf/sdk'
import { Button, Fieldset, Group, NumberInput, Stack, Switch, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Problem } from '../parts/problem.tsx'
import { FORM } from '../text/form.ts'
import { PARTS } from '../text/parts.ts'
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
          <section>
            <Title order={2} mb={4}>
              {WORDS.retention}
            </Title>
            <Text size="sm" c="dimmed">
              {WORDS.retentionText}
            </Text>
          </section>
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
    <form
      onSubmit={event => {
        event.preventDefault()
        if (lower) setAsking(true)
        else send()
      }}
    >
      <Stack gap="lg">
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
        <Problem error={save.error} />
        <Group>
          <Button type="submit" disabled={!dirty || save.isPending}>
            {save.isPending ? FORM.saving : FORM.save}
          </Button>
        </Group>
      </Stack>
      {asking && (
        <Dialog title={WORDS.thresholdTitle(organization.strict_above, threshold)} onClose={() => setAsking(false)}>
          <Stack>
            <Text size="sm">{WORDS.thresholdText}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
                {PARTS.cancel}
              </Button>
              <Button color="red" onClick={send}>
                {WORDS.thresholdAction}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </form>
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
    <form
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <Fieldset legend={WORDS.roster}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {WORDS.rosterHelp}
          </Text>
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
          <Problem error={save.error} />
          <Group>
            <Button type="submit" disabled={save.isPending}>
              {save.isPending ? FORM.saving : FORM.save}
            </Button>
          </Group>
        </Stack>
      </Fieldset>
    </form>
  )
}
