/** Names whose values are secrets, whatever they look like; compared without case and separators. */
const SECRET_NAME =
  /passw|passphrase|passcode|pwd|secret|token|authori[sz]ation|cookie|credential|apikey|accesskey|privatekey|signingkey|encryptionkey|sharedkey|masterkey|accountkey|sessionid|sessid|assertion|signature|codeverifier|bearer|jwt|csrf|xsrf|otp|mnemonic|connectionstring|cvv|cvc|^(?:pass|pin|auth|sig|sid|session|hmac)$/

/** Whether a field, header or parameter of this name holds a secret. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''))

/** The same, and what else a connector never wants written down. */
export function secretNames(further: readonly string[]): (name: string) => boolean {
  if (further.length === 0) return isSecretName
  const plain = (name: string) => name.toLowerCase()
  const listed = new Set(further.map(plain))
  return name => listed.has(plain(name)) || isSecretName(name)
}

/** Secrets that show by their shape: tokens, credentials of an HTTP scheme, private keys, keys with a well-known prefix, credentials in a URL. */
const SHAPES: readonly RegExp[] = [
  /eyJ[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*){0,3}/g,
  /\b(?:Bearer|Basic|DPoP|Digest|Negotiate|NTLM|Token|ApiKey|Hawk)\s{1,3}[\w.~+/=:-]{6,}/gi,
  /-----BEGIN [A-Z0-9 ]{2,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{2,40}-----|$)/g,
  /\b(?:bhf_|bhp_|whsec_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|xapp-|sk-|sk_|rk_|pk_live_|shp(?:at|ca|pa|ss)_|npm_|hf_|dop_v1_|doo_v1_|SG\.|ya29\.|1\/\/0|AIza|sq0[a-z]{3}-|EAAC|lin_api_|secret_|ntn_|pat-|PMAK-|rdme_|figd_|dapi|tskey-)[\w.-]{8,}/g,
  /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}/g,
  /:\/\/[^\s/:@"'<>]{1,200}:[^\s/@"'<>]{1,200}@/g,
]

/** Where secrets of a known shape stand in a text. */
export const replaceShapes = (text: string, by: string): string =>
  SHAPES.reduce((rest, shape) => rest.replace(shape, by), text)

const PAIR = /(\\{0,3}["'])?([A-Za-z_][\w.[\]-]{0,80})(?:\\{0,3}["'])?[ \t]{0,3}([:=])[ \t]{0,3}(?:(\\{0,3}["'])|)/g
const ELEMENT = /<([A-Za-z_][\w:.-]{0,80})[^<>]{0,500}>/g

/** Replaces what follows a secret's name in a text: quoted, to the closing quote; else to where the pair or the line ends. */
export function replaceNamed(text: string, by: string, isSecret = isSecretName): string {
  return replaceElements(replacePairs(text, by, isSecret), by, isSecret)
}

function replacePairs(text: string, by: string, isSecret: typeof isSecretName): string {
  let [result, from] = ['', 0]
  PAIR.lastIndex = 0
  for (let found = PAIR.exec(text); found !== null; found = PAIR.exec(text)) {
    const [whole, , name = '', sign, quote] = found
    if (!isSecret(name)) {
      // The value may hold a pair of its own: only the name and its sign are behind us.
      PAIR.lastIndex = found.index + whole.length
      continue
    }
    const start = found.index + whole.length
    const end = valueEnd(text, start, quote, sign)
    result += text.slice(from, start) + (end > start ? by : '')
    from = end
    PAIR.lastIndex = Math.max(end, start)
  }
  return result + text.slice(from)
}

function valueEnd(text: string, start: number, quote: string | undefined, sign: string | undefined): number {
  if (quote !== undefined) {
    const last = quote.at(-1) ?? '"'
    const isEscaped = quote.length > 1
    for (let at = start; at < text.length; at += 1) {
      if (text[at] === '\\' && !isEscaped) at += 1
      else if (isEscaped ? text.startsWith(quote, at) && text[at - 1] !== '\\' : text[at] === last) return at
    }
    return text.length
  }
  const ends = sign === '=' ? /[&\r\n]/g : /[\r\n]/g
  ends.lastIndex = start
  return ends.exec(text)?.index ?? text.length
}

function replaceElements(text: string, by: string, isSecret: typeof isSecretName): string {
  let [result, from] = ['', 0]
  ELEMENT.lastIndex = 0
  for (let found = ELEMENT.exec(text); found !== null; found = ELEMENT.exec(text)) {
    const [whole, name = ''] = found
    if (!isSecret(name) || whole.endsWith('/>')) continue
    const start = found.index + whole.length
    const closing = text.indexOf(`</${name}`, start)
    const end = closing === -1 ? text.length : closing
    result += text.slice(from, start) + (end > start ? by : '')
    from = end
    ELEMENT.lastIndex = end
  }
  return result + text.slice(from)
}
