import type { Plugin } from '@behalf/sdk'
import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { keyOf } from '../api/queries.ts'
import { ConfirmByName } from '../parts/confirm-by-name.tsx'
import { useTell } from '../parts/notices.tsx'
import { PLUGINS } from '../text/plugins.ts'

const WORDS = PLUGINS.retire

export function RetirePlugin({ plugin }: { readonly plugin: Plugin }) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const navigate = useNavigate()
  const tell = useTell()
  const retire = useMutation({
    mutationFn: () => behalf.deletePlugin({ name: plugin.name }),
    onSuccess: async () => {
      tell(WORDS.done(plugin.display_name))
      await navigate({ to: '/plugins', ignoreBlocker: true })
      client.removeQueries({ queryKey: keyOf('readPlugin', { name: plugin.name }) })
      await client.invalidateQueries({ queryKey: ['listPlugins'] })
    },
  })
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setAsking(true)}>
        {WORDS.open}
      </Button>
      {asking && (
        <ConfirmByName
          name={plugin.name}
          title={WORDS.title(plugin.display_name)}
          action={WORDS.action}
          busy={retire.isPending && WORDS.busy}
          error={retire.error}
          onConfirm={() => retire.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">{WORDS.text}</Text>
        </ConfirmByName>
      )}
    </>
  )
}
