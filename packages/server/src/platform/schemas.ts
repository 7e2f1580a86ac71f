import { Validator } from '@cfworker/json-schema'
import type { Schemas } from '../ports/schemas.ts'

const MOST_FAULTS = 50
const LONGEST = 300
/** Each is followed by the fault within. */
const ENCLOSING: ReadonlySet<string> = new Set(['properties', 'items', 'additionalProperties'])

/** JSON Schema 2020-12, interpreted: a schema that somebody wrote never becomes code. */
export function createSchemas(): Schemas {
  return {
    faults(schema, value) {
      const { valid, errors } = new Validator(schema, '2020-12', false).validate(value)
      if (valid) return []
      return errors
        .filter(({ keyword }) => !ENCLOSING.has(keyword))
        .slice(0, MOST_FAULTS)
        .map(({ instanceLocation, keyword, keywordLocation, error }) => {
          const pointer = instanceLocation.replace(/^#/, '')
          // The name is the schema's own.
          const missing = keyword === 'required' ? /"(.*)"/s.exec(error)?.[1] : undefined
          return {
            pointer: (missing === undefined ? pointer : `${pointer}/${missing}`).slice(0, LONGEST),
            reason: missing === undefined ? reasonOf(schema, keyword, keywordLocation) : 'required',
          }
        })
    },
  }
}

// Made of the schema alone: the library's own words quote the value.
function reasonOf(schema: unknown, keyword: string, location: string): string {
  if (keyword === 'false') return 'unknown field'
  const wanted = location
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), schema)
  const shown =
    wanted === undefined || (isObject(wanted) && !Array.isArray(wanted)) ? '' : `: ${JSON.stringify(wanted)}`
  return `does not fit ${keyword}${shown}`.slice(0, LONGEST)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
