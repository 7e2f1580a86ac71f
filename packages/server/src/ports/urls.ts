/** Every URL we print or send, from `BEHALF_URL` alone; never from a request header. */
export type Urls = {
  /** `https://acme.behalf.example.com`, no slash at the end. */
  ofOrganization(slug: string): string
  /** The slug that a request's host names; undefined where it names none. Without `{org}` every host is the one organization (null). */
  slugOf(host: string): string | null | undefined
  readonly secure: boolean
  /** `BEHALF_URL` is not on loopback. */
  readonly production: boolean
}
