/**
 * Whether an unsafe request comes from one of our own pages: `Origin` names us, or, where our `Referrer-Policy: no-referrer` makes the browser
 * send `null` or nothing there, `Sec-Fetch-Site` says so. Neither of the two is a refusal.
 */
export function isSameOrigin(headers: Headers, baseUrl: string): boolean {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  return origin === null || origin === 'null' ? site === 'same-origin' : origin === baseUrl
}
