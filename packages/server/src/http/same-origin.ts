/** What a browser says of where a request came from. */
export type Provenance = { readonly origin: string | null | undefined; readonly site: string | null | undefined }

export const provenanceOf = (headers: Headers): Provenance => ({
  origin: headers.get('origin'),
  site: headers.get('sec-fetch-site'),
})

/**
 * Whether an unsafe request comes from one of our own pages: `Origin` names us, or, where our `Referrer-Policy: no-referrer` makes the browser
 * send `null` or nothing there, `Sec-Fetch-Site` says so. Neither of the two is a refusal.
 */
export function isSameOrigin({ origin, site }: Provenance, baseUrl: string): boolean {
  if (site != null && site !== 'same-origin') return false
  return origin == null || origin === 'null' ? site === 'same-origin' : origin === baseUrl
}
