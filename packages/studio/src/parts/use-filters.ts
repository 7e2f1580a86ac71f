import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

type Filters = Readonly<Record<string, string | undefined>>

/** Filters live in the address: a view can be sent to somebody, and the back button undoes one. */
export function useFilters(): readonly [filters: Filters, change: (changes: Filters) => void] {
  const filters = useSearch({ strict: false }) as Filters
  const navigate = useNavigate()
  const change = useCallback(
    (changes: Filters) =>
      void navigate({
        to: '.',
        search: ((before: Filters) => ({ ...before, ...changes })) as never,
        replace: true,
      }),
    [navigate],
  )
  return [filters, change]
}
