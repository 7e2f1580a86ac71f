import type { Input, Preset } from '@behalf/sdk'
import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'
import { EditingProvider } from '../form/editing.tsx'
import { FaultList } from '../form/fault-list.tsx'
import type { JsonObject } from '../form/json.ts'
import { useDraft } from '../form/use-draft.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useTell } from '../parts/notices.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useFilters } from '../parts/use-filters.ts'
import { CATALOGUE } from '../text/catalogue.ts'
import { CONNECTORS } from '../text/connectors.ts'
import { CataloguePicker } from './catalogue-picker.tsx'
import { ConnectorForm } from './connector-form.tsx'
import { checkDefinition, NEW_DEFINITION } from './definition.ts'
import { FillIn } from './fill-in.tsx'
import { PresetSources } from './preset-sources.tsx'
import { RequestPreview } from './request-preview.tsx'
import { CLIENT_SECRET, type Secrets, withSecrets } from './secrets.tsx'

const WORDS = CONNECTORS.newPage
const CRUMBS = [{ label: CONNECTORS.title, to: '/connectors' }]

export function NewConnectorPage() {
  const [{ preset }] = useFilters()
  if (preset === undefined)
    return (
      <Page title={WORDS.title} lead={CATALOGUE.lead} crumbs={CRUMBS} wide>
        <CataloguePicker />
      </Page>
    )
  const another = (
    <Button variant="default" component={Link} to="/connectors/new">
      {CATALOGUE.another}
    </Button>
  )
  if (preset === 'by-hand')
    return (
      <Page title={WORDS.title} lead={WORDS.lead} crumbs={CRUMBS} actions={another} wide>
        <NewForm start={NEW_DEFINITION} />
      </Page>
    )
  return <FromPreset name={preset} another={another} />
}

function FromPreset({ name, another }: { readonly name: string; readonly another: React.ReactNode }) {
  const query = useQuery(reading('readPreset', { name }))
  const title = query.data?.display_name ?? name
  return (
    <Page title={WORDS.titleOf(title)} lead={CATALOGUE.fillInText} crumbs={CRUMBS} actions={another} wide>
      <Loaded query={query} what={CATALOGUE.reading}>
        {preset => (
          <>
            {preset.documentation_url && (
              <Text size="sm" mb="md">
                <Anchor href={preset.documentation_url} target="_blank" rel="noopener noreferrer">
                  {CATALOGUE.docs}
                </Anchor>
              </Text>
            )}
            <NewForm key={preset.name} start={preset.definition as JsonObject} preset={preset} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function NewForm({ start, preset }: { readonly start: JsonObject; readonly preset?: Preset }) {
  const { can, organization } = useMe()
  const tell = useTell()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [secrets, setSecrets] = useState<Secrets>({})
  const { editing, draft, setDraft, faults, setJudged, showAll, refuse } = useDraft({
    base: start,
    checkDraft: checkDefinition,
  })
  const create = useMutation({
    mutationFn: (approve: boolean) => {
      const whole = withSecrets(draft, secrets)
      return behalf.createConnector({ body: { ...whole, approve } as Input<'createConnector'>['body'] })
    },
    onError: refuse,
    onSuccess: async made => {
      await client.invalidateQueries({ queryKey: ['listConnectors'] })
      tell(WORDS.created(made.display_name))
      void navigate({ to: `/connectors/${made.name}`, search: { tab: 'test' } as never, ignoreBlocker: true })
    },
  })
  const send = (approve: boolean) => {
    showAll()
    if (faults.size === 0) create.mutate(approve)
  }
  const form = (
    <ConnectorForm
      isNew
      organizationUrl={organization.url}
      secrets={secrets}
      onSecrets={setSecrets}
      onReplace={setDraft}
    />
  )
  return (
    <EditingProvider value={editing}>
      <form
        onSubmit={event => {
          event.preventDefault()
          send(can('connector.approve'))
        }}
        noValidate
      >
        <div className="form-grid">
          <Stack gap="xl">
            {preset === undefined ? (
              form
            ) : (
              <>
                <FillIn preset={preset} organizationUrl={organization.url} secrets={secrets} onSecrets={setSecrets} />
                <PresetSources preset={preset} />
                <section>
                  <Title order={2}>{CATALOGUE.rest}</Title>
                  <Text size="sm" c="dimmed" mb="md">
                    {CATALOGUE.restText}
                  </Text>
                  {form}
                </section>
              </>
            )}
          </Stack>
          <aside>
            <RequestPreview secret={Boolean(secrets[CLIENT_SECRET])} onFaults={setJudged} />
          </aside>
        </div>
        <Stack gap="xs" mt="lg" className="save-bar">
          <Problem error={create.error} withFaults={false} />
          <FaultList faults={faults} shown={editing.touched.has('*')} />
          <Group>
            <Button type="submit" disabled={create.isPending}>
              {create.isPending ? WORDS.creating : can('connector.approve') ? WORDS.createAndApprove : WORDS.create}
            </Button>
            {can('connector.approve') && (
              <Button variant="default" disabled={create.isPending} onClick={() => send(false)}>
                {WORDS.create}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </EditingProvider>
  )
}
