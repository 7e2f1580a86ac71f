import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from './problem.tsx'
import { Waiting } from './waiting.tsx'

/** What is read, or that it is being read, or why it could not be. What was read before stays in view when a later reading fails. */
export function Loaded<Data>({
  query,
  what,
  children,
}: {
  readonly query: UseQueryResult<Data>
  readonly what: string
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined)
    return (
      <>
        {query.error !== null && <Problem error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    )
  if (query.error !== null) return <Problem error={query.error} onRetry={() => void query.refetch()} />
  return <Waiting what={what} />
}
