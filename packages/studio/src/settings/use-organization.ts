import { isProblem, type Organization, type OrganizationPatch } from '@behalf/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { keyOf, reading } from '../api/queries.ts'
import { useTell } from '../parts/notices.tsx'
import { SETTINGS } from '../text/settings.ts'

export const useOrganization = () => useQuery(reading('readOrganization', {}))

/** Saves settings; `undo` is the patch that leads back, where there is one. */
export function useSaveOrganization(organization: Organization) {
  const client = useQueryClient()
  const tell = useTell()
  const put = (now: Organization) => {
    client.setQueryData(keyOf('readOrganization', {}), now)
    void client.invalidateQueries({ queryKey: ['readMe'] })
  }
  return useMutation({
    mutationFn: ({ patch }: { readonly patch: OrganizationPatch; readonly undo?: OrganizationPatch }) =>
      behalf.updateOrganization({ version: organization.version, body: patch }),
    onError: error => {
      if (isProblem(error, 'version_conflict')) void client.invalidateQueries({ queryKey: ['readOrganization'] })
    },
    onSuccess: (now, { undo }) => {
      put(now)
      tell(
        SETTINGS.saved,
        undo && (async () => put(await behalf.updateOrganization({ version: now.version, body: undo }))),
      )
    },
  })
}
