import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { reading } from '../api/queries.ts'

/** A person by name where one may know it, else by id. */
export function PersonName({ id }: { readonly id: string }) {
  const { can, subject, name, email } = useMe()
  const allowed = can('person.read')
  const { data } = useQuery({ ...reading('readPerson', { id }), enabled: allowed, staleTime: 300_000 })
  const own = subject === id ? (name ?? email) : undefined
  const words = data?.name ?? data?.email ?? own ?? id
  if (!allowed) return <span className="one-line">{words}</span>
  return (
    <Anchor component={Link} to={`/people/${id}`} className="one-line">
      {words}
    </Anchor>
  )
}
