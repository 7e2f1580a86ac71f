import type { Urls } from '../ports/urls.ts'

const LOOPBACK = /^((?:[a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/

const MOST_KEPT = 10_000

/** URLs of `BEHALF_URL`, e.g. `https://{org}.behalf.example.com` or `http://localhost:4000`. */
export function createUrls(base: string): Urls {
  const manyOrganizations = base.includes('{org}')
  const url = new URL(base.replace('{org}', 'org'))
  const [before = '', after = ''] = manyOrganizations
    ? (base
        .split('://')[1]
        ?.split('{org}')
        .map(part => part.toLowerCase()) ?? [])
    : []
  const origins = new Map<string, string>()
  return {
    ofOrganization(slug) {
      const known = origins.get(slug)
      if (known !== undefined) return known
      const { origin } = new URL(base.replace('{org}', slug))
      if (origins.size < MOST_KEPT) origins.set(slug, origin)
      return origin
    },
    slugOf(host) {
      if (!manyOrganizations) return null
      const name = withoutDefaultPort(host.toLowerCase(), url.protocol)
      const slug = name.slice(before.length, name.length - after.replace(/\/$/, '').length)
      const fits =
        name.startsWith(before) &&
        name.endsWith(after.replace(/\/$/, '')) &&
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug)
      return fits ? slug : undefined
    },
    secure: url.protocol === 'https:',
    production: !LOOPBACK.test(url.hostname),
  }
}

const withoutDefaultPort = (host: string, protocol: string): string =>
  host.replace(protocol === 'https:' ? /:443$/ : /:80$/, '')
