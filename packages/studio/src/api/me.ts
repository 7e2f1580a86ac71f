import type { Me } from '@behalf/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { reading } from './queries.ts'

export const meQuery = { ...reading('readMe', {}), staleTime: 60_000 }

/** Who is signed in, and whether he may do something; what he may not is not shown. */
export function useMe(): Me & { readonly can: (capability: string) => boolean } {
  const { data } = useSuspenseQuery(meQuery)
  return { ...data, can: capability => data.may.includes(capability) }
}
