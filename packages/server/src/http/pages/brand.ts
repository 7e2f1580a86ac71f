import type { Organization } from '../../domain/organization.ts'
import type { Brand } from './layout.ts'

/** An organization's name and logo; the logo's address changes with it. */
export const brandOf = ({ name, logo }: Pick<Organization, 'name' | 'logo'>): Brand => ({
  name,
  logo: logo === null ? null : `/logo?v=${logo.slice(0, 12)}`,
})
