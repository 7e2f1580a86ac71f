import type { Fault, JsonSchema } from '@behalf/contract'

/** Judges JSON by schemas of the contract's part of JSON Schema. */
export type Schemas = {
  /** What of a value does not fit; never what it holds. */
  faults(schema: JsonSchema, value: unknown): readonly Fault[]
}
