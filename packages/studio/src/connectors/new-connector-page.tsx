import type { Input } from '@behalf/sdk'
import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { EditingProvider } from '../form/editing.tsx'
import type { JsonObject } from '../form/json.ts'
import { setAt } from '../form/json.ts'
import { useDraft } from '../form/use-draft.ts'
import { useTell } from '../parts/notices.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { ConnectorForm } from './connector-form.tsx'
import { checkDefinition, NEW_DEFINITION } from './definition.ts'
import { FaultList } from './fault-list.tsx'

const WORDS = CONNECTORS.newPage

export function NewConnectorPage() {
  return (
    <Page title={WORDS.title} lead={WORDS.lead} crumbs={[{ label: CONNECTORS.title, to: '/connectors' }]} wide>
      <NewForm start={NEW_DEFINITION} />
    </Page>
  )
}

function NewForm({ start }: { readonly start: JsonObject }) {
  const { can, organization } = useMe()
  const tell = useTell()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [secret, setSecret] = useState('')
  const [done, setDone] = useState(false)
  const { editing, draft, setDraft, faults, showAll, refuse, dirty } = useDraft({
    base: start,
    checkDraft: checkDefinition,
  })
  const create = useMutation({
    mutationFn: (approve: boolean) => {
      const whole = secret === '' ? draft : setAt(draft, ['auth', 'client_secret'], secret)
      return behalf.createConnector({ body: { ...whole, approve } as Input<'createConnector'>['body'] })
    },
    onError: refuse,
    onSuccess: async made => {
      setDone(true)
      setDraft(start)
      await client.invalidateQueries({ queryKey: ['listConnectors'] })
      tell(WORDS.created(made.display_name))
      void navigate({ to: `/connectors/${made.name}`, search: { tab: 'test' } as never, ignoreBlocker: true })
    },
  })
  const send = (approve: boolean) => {
    showAll()
    if (faults.size === 0) create.mutate(approve)
  }
  return (
    <EditingProvider value={editing}>
      <form
        onSubmit={event => {
          event.preventDefault()
          send(can('connector.approve'))
        }}
        noValidate
      >
        <ConnectorForm
          isNew
          organizationUrl={organization.url}
          secret={secret}
          onSecret={setSecret}
          onReplace={setDraft}
        />
        <Stack gap="xs" mt="lg" className="save-bar">
          <Problem error={create.error} withFaults={false} />
          <FaultList faults={faults} shown={editing.touched.has('*')} />
          <Group>
            <Button type="submit" disabled={create.isPending || done || !dirty}>
              {create.isPending ? WORDS.creating : can('connector.approve') ? WORDS.createAndApprove : WORDS.create}
            </Button>
            {can('connector.approve') && (
              <Button variant="default" disabled={create.isPending || done || !dirty} onClick={() => send(false)}>
                {WORDS.create}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </EditingProvider>
  )
}
