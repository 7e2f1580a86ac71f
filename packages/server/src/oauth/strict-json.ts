const DEEPEST = 32
/** A string with the colon that makes it a name, or a bracket. Only ever run over text that `JSON.parse` accepted. */
const PART = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g

/**
 * Reads the text of one JSON object (RFC 8259); a byte-order mark before it is passed over. Undefined for anything else, and where readers could
 * differ: a name twice, or more than 32 levels.
 */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const plain = text.replace(/^\ufeff/, '')
  try {
    const value: unknown = JSON.parse(plain)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return isUnambiguous(plain) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isUnambiguous(text: string): boolean {
  const open: Set<string>[] = []
  for (const [part, colon] of text.matchAll(PART)) {
    if (part === '{' || part === '[') {
      if (open.push(new Set()) > DEEPEST) return false
    } else if (part === '}' || part === ']') {
      open.pop()
    } else if (colon !== undefined) {
      const name: string = JSON.parse(part.slice(0, -colon.length))
      const names = open.at(-1)
      if (names === undefined || names.has(name)) return false
      names.add(name)
    }
  }
  return true
}

// SECURITY: own properties alone, so that nothing inherited is ever taken for an answer.
export const own = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined
