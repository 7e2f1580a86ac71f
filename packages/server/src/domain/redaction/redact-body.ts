import { completeJson } from './complete-json.ts'
import type { KnownSecrets } from './known-secrets.ts'
import { type LoosePolicy, parsed, redactJson } from './redact-json.ts'
import { type CallPart, REDACTED, type RemovalKind, type Removals } from './removals.ts'
import type { Scrub } from './scrub.ts'

/** The beginning of a body, decoded of its transfer; `isCut` where there was more. */
export type CapturedBody = {
  readonly bytes: Uint8Array
  readonly isCut: boolean
  readonly contentType: string | null
  /** It was compressed in a way that was not undone, or past a cap. */
  readonly isOpaque: boolean
}

export type Redacting = {
  readonly policy: LoosePolicy
  readonly known: KnownSecrets
  readonly scrub: Scrub
  readonly removals: Removals
  /** Whether what stands under a name is a secret. */
  readonly isSecret: (name: string) => boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: text holds none but tab and line ends
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/
/** A text that was cut may end inside a secret of any kind: it is cut back to where a value cannot go on. */
const LAST_RUN = /[^\s"'<>&,;(){}[\]]*$/

/** A body as it may be kept: JSON under both loose policies, other text under permissive alone, binary never; null where there was none. */
export function redactBody(body: CapturedBody, part: CallPart, redacting: Redacting): string | null {
  const { policy, known, removals } = redacting
  if (body.bytes.length === 0 && !body.isOpaque) return null
  const text = body.isOpaque ? undefined : textOf(body)
  if (text === undefined) return nothing('binary')
  const json = asJson(text, body.isCut)
  if (json !== undefined) {
    if (body.isCut) removals.note(part, 'too_large', '')
    return JSON.stringify(redactJson(policy, json.value, { ...redacting, part }))
  }
  if (policy === 'standard' || /\bmultipart\//i.test(body.contentType ?? '')) return nothing('not_json')
  if (body.isCut) removals.note(part, 'too_large', '')
  const whole = body.isCut ? known.withoutBeginning(text).replace(LAST_RUN, '') : text
  const kept = /x-www-form-urlencoded/i.test(body.contentType ?? '') ? form(whole) : redacting.scrub.clean(whole)
  if (kept !== whole) removals.note(part, 'secret', '')
  return kept

  function nothing(kind: RemovalKind): string {
    removals.note(part, kind, '')
    return REDACTED
  }

  function form(pairs: string): string {
    return pairs
      .split('&')
      .map(pair => redactPair(pair, redacting))
      .join('&')
  }
}

/** One `name=value` of a form or a query without its secrets. */
export function redactPair(pair: string, { scrub, isSecret }: Pick<Redacting, 'scrub' | 'isSecret'>): string {
  const sign = pair.indexOf('=')
  if (sign === -1) return scrub.clean(pair)
  const [name, value] = [pair.slice(0, sign), pair.slice(sign + 1)]
  const shown = scrub.clean(name)
  return `${shown}=${isSecret(decoded(name)) ? REDACTED : scrub.clean(value)}`
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function asJson(text: string, isCut: boolean): { readonly value: unknown } | undefined {
  if (!/^\s*[[{"]/.test(text)) return isCut ? undefined : scalar(text)
  const whole = isCut ? completeJson(text) : text
  return whole === undefined ? undefined : parsed(whole)
}

// A lone number, `true` or `null` is JSON too.
const scalar = (text: string) => (/^\s*[-\dtfn]/.test(text) ? parsed(text) : undefined)

function textOf({ bytes, isCut }: CapturedBody): string | undefined {
  try {
    // A cut may have fallen inside a character: streaming leaves it out.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
    return CONTROL.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
