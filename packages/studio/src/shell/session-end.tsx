import { isProblem } from '@behalf/sdk'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { behalf, onSessionEnded } from '../api/client.ts'
import { meQuery } from '../api/me.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useTell } from '../parts/notices.tsx'
import { SHELL } from '../text/shell.ts'

const CHANNEL = 'behalf-studio-session'
const SIGN_IN = `/auth/login?return_to=${encodeURIComponent('/studio/signed-in')}`

/** Tells the other tabs that a sign-in is done. */
export const tellSignedIn = (): void => {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage('signed-in')
  channel.close()
}

/** When the session ends, nothing that was typed is lost: one signs in in another tab and goes on. */
export function SessionEnd() {
  const client = useQueryClient()
  const tell = useTell()
  const [ended, setEnded] = useState(false)
  const [checking, setChecking] = useState(false)
  const [notYet, setNotYet] = useState(false)
  const open = useRef(false)
  open.current = ended

  useEffect(() => onSessionEnded(() => setEnded(true)), [])

  const check = useCallback(async () => {
    setChecking(true)
    setNotYet(false)
    try {
      const before = client.getQueryData(meQuery.queryKey)
      const me = await behalf.readMe()
      if (before !== undefined && before.subject !== me.subject) return window.location.reload()
      client.setQueryData(meQuery.queryKey, me)
      setEnded(false)
      tell(SHELL.session.back)
      await client.invalidateQueries()
    } catch (error) {
      if (!isProblem(error, 'session_expired', 'unauthenticated')) throw error
      setNotYet(true)
    } finally {
      setChecking(false)
    }
  }, [client, tell])

  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL)
    channel.onmessage = () => {
      if (open.current) void check()
    }
    return () => channel.close()
  }, [check])

  return (
    ended && (
      <Dialog title={SHELL.session.title} onClose={() => undefined} held>
        <Stack gap="md">
          <Text>{SHELL.session.text}</Text>
          {notYet && <Text c="var(--studio-warn)">{SHELL.session.notYet}</Text>}
          <Group>
            <Button component="a" href={SIGN_IN} target="_blank" data-autofocus>
              {SHELL.session.signIn}
            </Button>
            <Button variant="default" onClick={() => void check()} disabled={checking}>
              {checking ? SHELL.session.checking : SHELL.session.check}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    )
  )
}
