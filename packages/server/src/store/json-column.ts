import { z } from 'zod'

const KEPT = 500

/** Reads a JSON text column through its schema: the database row is a door. The same text is judged once. */
export function jsonColumn<Schema extends z.ZodType>(schema: Schema): (text: string) => z.infer<Schema> {
  const judged = new Map<string, z.infer<Schema>>()
  return text => {
    const known = judged.get(text)
    if (known !== undefined) return known
    const value = schema.parse(JSON.parse(text))
    if (judged.size >= KEPT) judged.delete(judged.keys().next().value ?? '')
    judged.set(text, value)
    return value
  }
}

/** Variables by name. */
export const values = jsonColumn(z.record(z.string(), z.string()))

export const texts = jsonColumn(z.array(z.string()))

/** The same for a column that may be null. */
export const orNull = <Value>(read: (text: string) => Value, text: string | null): Value | null =>
  text === null ? null : read(text)
