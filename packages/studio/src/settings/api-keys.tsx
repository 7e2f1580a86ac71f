import { Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { KeySection } from '../parts/key-section.tsx'
import { PEOPLE } from '../text/people.ts'
import { SETTINGS } from '../text/settings.ts'

const WORDS = SETTINGS.keys
const ROLES = ['developer', 'log_viewer', 'auditor', 'admin'] as const

/** Keys of scripts and services, each with the roles it acts under. */
export function ApiKeys() {
  const { can } = useMe()
  const [roles, setRoles] = useState<readonly (typeof ROLES)[number][]>([])
  const edits = can('api-key.edit')
  const query = useQuery(wholeList('listApiKeys', {}))
  return (
    <KeySection
      words={WORDS}
      query={query}
      listed="listApiKeys"
      extra={{ title: WORDS.roles, cell: key => key.roles.map(role => PEOPLE.roleNames[role]).join(', ') }}
      ready={roles.length > 0}
      fields={
        <Checkbox.Group
          label={WORDS.roles}
          value={[...roles]}
          onChange={next => setRoles(next as typeof roles)}
          required
        >
          <Stack gap="xs" mt="xs">
            {ROLES.map(role => (
              <Checkbox key={role} value={role} label={PEOPLE.roleNames[role]} description={PEOPLE.roleHelp[role]} />
            ))}
          </Stack>
        </Checkbox.Group>
      }
      make={edits ? asked => behalf.createApiKey({ body: { ...asked, roles } }) : undefined}
      revoke={edits ? id => behalf.revokeApiKey({ id }) : undefined}
    />
  )
}
