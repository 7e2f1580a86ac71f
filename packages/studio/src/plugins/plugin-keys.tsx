import type { Plugin } from '@behalf/sdk'
import { useQuery } from '@tanstack/react-query'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { wholeList } from '../api/queries.ts'
import { KeySection } from '../parts/key-section.tsx'
import { PLUGINS } from '../text/plugins.ts'

/** By which key the plugin proves that it is this one. */
export function PluginKeys({ plugin: { name } }: { readonly plugin: Plugin }) {
  const { can } = useMe()
  const edits = can('plugin.edit')
  return (
    <KeySection
      words={PLUGINS.keys}
      query={useQuery(wholeList('listPluginKeys', { name }))}
      listed="listPluginKeys"
      make={edits ? body => behalf.createPluginKey({ name, body }) : undefined}
      revoke={edits ? key => behalf.revokePluginKey({ name, key }) : undefined}
    />
  )
}
