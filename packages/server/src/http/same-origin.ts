/**
 * Whether an unsafe request comes from one of our own pages: `Origin` names us, or, where a browser sends none, `Sec-Fetch-Site` says so.
 * Nothing at all is a refusal: browsers send one or the other with every form.
 */
export function isSameOrigin(headers: Headers, baseUrl: string): boolean {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  return origin === null ? site === 'same-origin' : origin === baseUrl
}
