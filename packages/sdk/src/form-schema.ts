import type { Json } from './generated/wire.ts'

/** As much of JSON Schema 2020-12 as the contract's schemas use, with what a form shows at a field. */
export type FormSchema = {
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly Json[]
  readonly default?: Json
  readonly type?: string | readonly string[]
  readonly const?: Json
  readonly enum?: readonly Json[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly items?: FormSchema
  readonly properties?: Readonly<Record<string, FormSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: FormSchema | boolean
  readonly propertyNames?: FormSchema
  readonly anyOf?: readonly FormSchema[]
  readonly oneOf?: readonly FormSchema[]
  readonly allOf?: readonly FormSchema[]
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, FormSchema>>
}
