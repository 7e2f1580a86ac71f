const HOME = '/connections'
// SECURITY: only characters that no URL parser turns into another authority or path; backslash, control characters and `//` are out.
const LOCAL_PATH = /^\/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*$/

/** A path of this organization to go on with, whatever was asked; `/connections` where it is not one (RFC 9700 4.11). */
export function safeReturnTo(text: string | undefined): string {
  if (text === undefined || text.length > 2000 || !LOCAL_PATH.test(text) || text.includes('//')) return HOME
  if (/%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i.test(text)) return HOME
  const url = URL.parse(text, 'https://origin.invalid')
  if (url === null || url.origin !== 'https://origin.invalid') return HOME
  return url.pathname.startsWith('/auth/') ? HOME : url.pathname + url.search
}
