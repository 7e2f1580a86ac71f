import type { Secret } from '../../domain/secret.ts'
import { joined, parted } from '../../domain/secret-record.ts'

/** What a queued revocation holds, as one sealed value. */
export type HeldForRevocation = {
  readonly token: Secret | null
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
}

export const packed = (held: HeldForRevocation): Secret => joined(held)

/** `bare` for what was queued as the token itself. */
export function unpacked(value: Secret, bare: boolean): HeldForRevocation {
  if (bare) return { token: value, accessToken: null, refreshToken: null }
  const { token = null, accessToken = null, refreshToken = null } = parted(value)
  return { token, accessToken, refreshToken }
}
