import { Tabs } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { Page } from '../parts/page.tsx'
import { SETTINGS as WORDS } from '../text/settings.ts'
import { ApiKeys } from './api-keys.tsx'
import { LoggingSettings } from './logging-settings.tsx'
import { OrganizationSettings } from './organization-settings.tsx'
import { SsoSettings } from './sso-settings.tsx'
import { Webhooks } from './webhooks.tsx'

const SECTIONS = [
  { name: 'organization', needs: 'organization.edit', Section: OrganizationSettings },
  { name: 'sso', needs: 'organization.edit', Section: SsoSettings },
  { name: 'logging', needs: 'organization.edit', Section: LoggingSettings },
  { name: 'webhooks', needs: 'webhook.read', Section: Webhooks },
  { name: 'api-keys', needs: 'api-key.read', Section: ApiKeys },
] as const

export function SettingsPage() {
  const { section = 'organization' } = useParams({ strict: false })
  const { can } = useMe()
  const navigate = useNavigate()
  const shown = SECTIONS.filter(({ needs }) => can(needs))
  return (
    <Page title={WORDS.title} lead={WORDS.lead}>
      <Tabs value={section} onChange={next => void navigate({ to: `/settings/${next}` })} keepMounted={false}>
        <Tabs.List mb="lg" aria-label={WORDS.label}>
          {shown.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {WORDS.sections[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ name, Section }) => (
          <Tabs.Panel key={name} value={name}>
            <Section />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
