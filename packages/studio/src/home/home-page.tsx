import { Button, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading, wholeList } from '../api/queries.ts'
import { Copy } from '../parts/copy.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { HOME as WORDS } from '../text/home.ts'
import { NeedsAttention } from './attention.tsx'
import { Usage } from './usage.tsx'

export function HomePage() {
  const { can } = useMe()
  return (
    <Page title={WORDS.title}>
      <Stack gap="xl">
        {can('connector.edit') && <FirstSteps />}
        <NeedsAttention />
        {can('usage.read') && <Usage />}
        <Addresses />
      </Stack>
    </Page>
  )
}

/** Three steps, as long as one of them is still to be done. */
function FirstSteps() {
  const { subject } = useMe()
  const connectors = useQuery(wholeList('listConnectors', {}))
  const plugins = useQuery(wholeList('listPlugins', {}))
  const own = useQuery({ ...reading('listConnections', { subject: subject ?? undefined }), enabled: subject !== null })
  const first = connectors.data?.[0]
  const done = [first !== undefined, (own.data?.items.length ?? 0) > 0, (plugins.data?.length ?? 0) > 0]
  if (connectors.isPending || plugins.isPending || done.every(Boolean)) return null
  const to = [
    '/connectors/new',
    first === undefined ? '/connectors/new' : `/connectors/${first.name}?tab=test`,
    '/plugins/new',
  ]
  const next = done.indexOf(false)
  return (
    <section aria-labelledby="first-steps">
      <Title order={2} id="first-steps">
        {WORDS.firstTitle}
      </Title>
      <Text c="dimmed" mb="md">
        {WORDS.firstLead}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {WORDS.steps.map(({ title, text, action }, index) => (
          <Paper key={title} withBorder p="lg" className="card">
            <Stack gap="xs" h="100%" align="flex-start">
              <Title order={3} size="h4">
                {index + 1}. {title}
              </Title>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
              {done[index] ? (
                <State tone="good">{WORDS.done}</State>
              ) : (
                <Button
                  mt="auto"
                  component={Link}
                  to={to[index] ?? '/'}
                  variant={index === next ? 'filled' : 'default'}
                >
                  {action}
                </Button>
              )}
            </Stack>
          </Paper>
        ))}
      </SimpleGrid>
    </section>
  )
}

function Addresses() {
  const query = useQuery(reading('readOrganization', {}))
  return (
    <section aria-labelledby="addresses">
      <Title order={2} id="addresses">
        {WORDS.urls}
      </Title>
      <Text c="dimmed" mb="md" size="sm">
        {WORDS.urlsLead}
      </Text>
      <Loaded query={query} what={WORDS.what}>
        {organization => (
          <dl className="fact">
            <dt>{WORDS.organizationUrl}</dt>
            <dd>
              <Copy value={organization.url} what={WORDS.organizationUrl} />
            </dd>
            <dt>{WORDS.callback}</dt>
            <dd>
              <Copy value={organization.callback_url} what={WORDS.callback} />
            </dd>
            <dt>{WORDS.ssoCallback}</dt>
            <dd>
              <Copy value={organization.sso.callback_url} what={WORDS.ssoCallback} />
            </dd>
          </dl>
        )}
      </Loaded>
    </section>
  )
}
