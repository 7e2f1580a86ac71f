/** A rule that cannot be used: what is wrong, and from which character on. */
export class RuleFault extends Error {
  override readonly name = 'RuleFault'
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export type Token =
  | { readonly kind: 'name' | 'word' | 'mark'; readonly text: string; readonly at: number; readonly end: number }
  | { readonly kind: 'value'; readonly value: string | number | boolean; readonly at: number; readonly end: number }

const LONGEST = 2_000
const LONGEST_TEXT = 200
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'contains'])
const MARK = /(==|!=|<=|>=|<|>|\(|\)|\[|\]|,)/y
const NAME = /[a-z][a-z0-9_]{0,62}(?![A-Za-z0-9_])/y
const NUMBER = /-?\d{1,15}(?:\.\d{1,9})?(?![\w.])/y
const SPACE = /[ \t\r\n]+/y

/** Splits a launch rule into its tokens. Throws {@link RuleFault}. */
export function tokenize(rule: string): readonly Token[] {
  if (rule.length > LONGEST) throw new RuleFault(`a rule has at most ${LONGEST} characters`, LONGEST)
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(rule)?.[0]
  }
  while (at < rule.length) {
    const space = match(SPACE)
    if (space !== undefined) {
      at += space.length
      continue
    }
    const token = rule[at] === '"' ? text(rule, at) : plain(match, at)
    if (token === undefined) throw new RuleFault(`“${[...rule.slice(at)][0] ?? ''}” is not understood here`, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

function plain(match: (pattern: RegExp) => string | undefined, at: number): Token | undefined {
  const name = match(NAME)
  if (name === 'true' || name === 'false') return { kind: 'value', value: name === 'true', at, end: at + name.length }
  if (name !== undefined) return { kind: WORDS.has(name) ? 'word' : 'name', text: name, at, end: at + name.length }
  const number = match(NUMBER)
  if (number !== undefined) return { kind: 'value', value: Number(number), at, end: at + number.length }
  const mark = match(MARK)
  return mark === undefined ? undefined : { kind: 'mark', text: mark, at, end: at + mark.length }
}

/** A text in double quotes; `\"` and `\\` are the only escapes. */
function text(rule: string, begin: number): Token {
  let value = ''
  for (let at = begin + 1; at < rule.length; at += 1) {
    const character = rule.charAt(at)
    if (character === '"') return { kind: 'value', value, at: begin, end: at + 1 }
    if (character < ' ') break
    if (character === '\\') {
      at += 1
      if (rule[at] !== '"' && rule[at] !== '\\') throw new RuleFault('only \\" and \\\\ are escapes', at)
      value += rule.charAt(at)
    } else value += character
    if (value.length > LONGEST_TEXT) throw new RuleFault(`a text has at most ${LONGEST_TEXT} characters`, begin)
  }
  throw new RuleFault('the text does not end', begin)
}
