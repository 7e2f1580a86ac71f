const DEEPEST = 64

/**
 * JSON that was cut anywhere, up to its last whole value, closed so that it parses; undefined where no value is whole. What is left out may be
 * a value that only looks whole, so that half a number or half a word never passes for one.
 */
export function completeJson(text: string): string | undefined {
  const open: string[] = []
  let [inString, escapes] = [false, false]
  let whole: { readonly at: number; readonly closers: string } | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (inString) {
      if (escapes) escapes = false
      else if (character === '\\') escapes = true
      else if (character === '"') inString = false
      continue
    }
    if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      if (open.length === DEEPEST) break
      open.push(character === '{' ? '}' : ']')
      whole = { at: at + 1, closers: closers(open) }
    } else if (character === '}' || character === ']') {
      if (open.pop() !== character) return undefined
      whole = { at: at + 1, closers: closers(open) }
    } else if (character === ',') whole = { at, closers: closers(open) }
  }
  return whole && text.slice(0, whole.at) + whole.closers
}

const closers = (open: readonly string[]): string => open.toReversed().join('')
