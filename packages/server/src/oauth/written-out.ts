import type { FieldValue } from '@behalf/contract'

/** The fields that are text as they stand. */
export const writtenOut = (fields: Readonly<Record<string, FieldValue>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string'))
