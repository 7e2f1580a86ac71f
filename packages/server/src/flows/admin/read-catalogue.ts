import type { Preset } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'

/** What the catalogue holds. It is the same for every organization. */
export function createReadCatalogue(ports: Pick<Ports, 'catalogue'>) {
  return {
    async listPresets(
      { search, category }: { readonly search?: string | undefined; readonly category?: string | undefined },
      { after, limit }: PageRequest,
    ): Promise<Page<Preset>> {
      const wanted = search?.trim().toLowerCase() ?? ''
      const found = (await ports.catalogue.all()).filter(
        ({ name, display_name, categories }) =>
          (after === null || name > after) &&
          (category === undefined || categories.includes(category)) &&
          (name.includes(wanted) || display_name.toLowerCase().includes(wanted)),
      )
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null }
    },
    /** Throws `not_found`. */
    async readPreset(name: string): Promise<Preset> {
      const preset = await ports.catalogue.byName(name)
      if (preset === undefined) throw new BrokerError('not_found', { detail: 'The catalogue has no such provider.' })
      return preset
    },
  }
}
