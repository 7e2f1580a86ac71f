import type { Preset } from '@behalf/contract'

/** The providers we know. Nothing is read before it is asked for. */
export type Catalogue = {
  /** All, ordered by name. */
  all(): Promise<readonly Preset[]>
  byName(name: string): Promise<Preset | undefined>
}
