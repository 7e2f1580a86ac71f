import { BehalfProblem, isProblem } from '@behalf/sdk'
import { Button, Stack, Text } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { SHELL } from '../text/shell.ts'
import { tellSignedIn } from './session-end.tsx'

/** What stands in a page's place when it cannot be shown. */
export function Broken({ error, reset }: ErrorComponentProps) {
  if (isProblem(error, 'forbidden')) return <Forbidden />
  if (isProblem(error, 'not_found', 'connector_not_found', 'plugin_not_found')) return <NotFound />
  // A page whose code is gone from the server belongs to an older build.
  const stale = error instanceof TypeError && /import|module/i.test(error.message)
  const words = stale ? SHELL.stale : SHELL.crash
  return (
    <Page title={words.title} lead={words.text}>
      <Stack align="flex-start">
        {error instanceof BehalfProblem && <Problem error={error} onRetry={reset} />}
        <Button onClick={() => window.location.reload()}>{SHELL.crash.reload}</Button>
        {!stale && !(error instanceof BehalfProblem) && (
          <Text size="sm" c="dimmed">
            {SHELL.crash.what}: <code>{error instanceof Error ? error.message : String(error)}</code>
          </Text>
        )}
      </Stack>
    </Page>
  )
}

export function NotFound() {
  return (
    <Page title={SHELL.notFound.title} lead={SHELL.notFound.text}>
      <Button component={Link} to="/">
        {SHELL.notFound.back}
      </Button>
    </Page>
  )
}

/** What stands in the place of a page that is not for one's roles. */
export function Forbidden() {
  return (
    <Page title={SHELL.forbidden.title} lead={SHELL.forbidden.text}>
      <Button component={Link} to="/">
        {SHELL.notFound.back}
      </Button>
    </Page>
  )
}

/** The page that a sign-in in another tab ends on. */
export function SignedIn() {
  useEffect(() => {
    tellSignedIn()
    window.close()
  }, [])
  return (
    <Page title={SHELL.session.done} lead={SHELL.session.doneText}>
      <Button component={Link} to="/">
        {SHELL.notFound.back}
      </Button>
    </Page>
  )
}
