import type { BehalfProblem } from './problem.ts'
import type { Credential } from './transport.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** A key sent as a bearer token: `bhf_…` for REST, `bhp_…` for what plugins do. */
export const keyCredential = (key: string): Credential => ({
  apply: async headers => headers.set('authorization', `Bearer ${key}`),
  renew: () => false,
  cookies: false,
})

/** The signed-in person's browser session; its CSRF token is read when first needed, and again after a new sign-in. */
export function sessionCredential(readToken: () => Promise<string>): Credential {
  let token: Promise<string> | undefined
  return {
    async apply(headers, method) {
      if (SAFE.has(method)) return
      token ??= readToken()
      const reading = token
      headers.set(
        'behalf-csrf',
        await reading.catch((error: unknown) => {
          if (token === reading) token = undefined
          throw error
        }),
      )
    },
    renew({ code }: BehalfProblem) {
      if (code !== 'csrf_rejected' || token === undefined) return false
      token = undefined
      return true
    },
    cookies: true,
  }
}
