import { BehalfProblem, isProblem } from '@behalf/sdk'
import { Alert, Button, List, Text } from '@mantine/core'
import { ADVICE, PARTS } from '../text/parts.ts'

type Told = { readonly title: string; readonly detail: string | undefined; readonly code: string }

function told(error: unknown): Told {
  if (error instanceof BehalfProblem) return { title: error.title, detail: error.detail, code: error.code }
  return { title: error instanceof Error ? error.message : String(error), detail: undefined, code: 'unreachable' }
}

/** What went wrong and what to do about it. Faults that stand beside their field are not said again with `withFaults={false}`. */
export function Problem({
  error,
  onRetry,
  withFaults = true,
}: {
  readonly error: unknown
  readonly onRetry?: () => void
  readonly withFaults?: boolean
}) {
  // The dialog that asks to sign in again stands over everything; what failed is read or sent again after it.
  if (error === null || error === undefined || isProblem(error, 'session_expired', 'unauthenticated')) return null
  const { title, detail, code } = told(error)
  const faults = error instanceof BehalfProblem && withFaults ? error.faults : []
  return (
    <Alert color="red" variant="light" title={title} role="alert" className="problem">
      {detail && <Text size="sm">{detail}</Text>}
      {faults.length > 0 && (
        <List size="sm" mt={4}>
          {faults.map(({ pointer, reason }) => (
            <List.Item key={pointer + reason}>
              <code>{pointer.replace(/^\//, '').replaceAll('/', ' › ') || PARTS.everything}</code>: {reason}
            </List.Item>
          ))}
        </List>
      )}
      {ADVICE[code] && <Text size="sm">{ADVICE[code]}</Text>}
      {error instanceof BehalfProblem && error.requestId && error.status >= 500 && (
        <Text size="xs" mt={4}>
          {PARTS.requestId(error.requestId)}
        </Text>
      )}
      {onRetry && (
        <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
          {PARTS.retry}
        </Button>
      )}
    </Alert>
  )
}
