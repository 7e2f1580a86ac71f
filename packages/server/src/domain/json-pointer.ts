/** What stands at a JSON pointer (RFC 6901) of a parsed document; undefined for nothing. Own properties alone. */
export function at(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  let value = document
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    // SECURITY: nothing inherited is ever taken for an answer.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}
