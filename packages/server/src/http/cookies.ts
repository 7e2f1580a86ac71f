export type CookieName = 'session' | 'browser' | 'return'

/** The full name: with the `__Host-` prefix where cookies can be Secure; loopback http gets the same cookie without. */
const fullName = (name: CookieName, secure: boolean): string => (secure ? `__Host-behalf_${name}` : `behalf_${name}`)

/** A cookie's value; undefined also where it came twice, because then nobody knows whose it is. */
export function readCookie(header: string | undefined, name: CookieName, secure: boolean): string | undefined {
  const wanted = `${fullName(name, secure)}=`
  const found = (header ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(wanted))
  const value = found.length === 1 ? found[0]?.slice(wanted.length) : undefined
  return value !== undefined && /^[\w-]{16,200}$/.test(value) ? value : undefined
}

/** A `Set-Cookie` value. SameSite is Lax: the cookie must survive the provider's redirect back, and nothing more. */
export function setCookie(
  name: CookieName,
  value: string,
  { secure, maxAgeMs }: { readonly secure: boolean; readonly maxAgeMs: number },
): string {
  const age = Math.max(0, Math.floor(maxAgeMs / 1000))
  return `${fullName(name, secure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`
}

export const dropCookie = (name: CookieName, secure: boolean): string => setCookie(name, '', { secure, maxAgeMs: 0 })
