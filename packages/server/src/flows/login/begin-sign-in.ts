import { signInPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { openSso, signInRedirectUri } from './open-sso.ts'

const SIGN_IN_MS = 600_000

type Needs = Pick<Ports, 'clock' | 'entropy' | 'sessions' | 'signIn' | 'urls' | 'vault'>

/** Begins one sign-in at the organization's SSO (OpenID Connect Core 3.1.2.1). Throws `provider_unavailable`. */
export function createBeginSignIn(ports: Needs) {
  return async function beginSignIn(
    context: RequestContext,
    asked: { readonly returnTo: string | undefined; readonly browserToken: string | undefined },
  ): Promise<{ readonly location: string; readonly browserToken: string }> {
    const { organization } = context
    const state = ports.entropy.randomToken(32)
    const nonce = ports.entropy.randomToken(32)
    const verifierText = ports.entropy.randomToken(32)
    const browserToken = asked.browserToken ?? ports.entropy.randomToken(32)
    const stateHash = ports.entropy.sha256(state)
    const redirectUri = signInRedirectUri(ports, organization)
    const sso = await openSso(ports, organization)
    const location = await ports.signIn.authorizationUrl(sso, {
      redirectUri,
      state,
      nonce,
      verifier: secret(verifierText),
    })
    const kept = secret(JSON.stringify({ nonce, verifier: verifierText }))
    await ports.sessions.addSignInRequest({
      orgId: organization.id,
      stateHash,
      browserHash: ports.entropy.sha256(browserToken),
      sealed: await ports.vault.seal(signInPlace(organization.id, stateHash), kept),
      returnTo: safeReturnTo(asked.returnTo),
      expiresAt: ports.clock.now() + SIGN_IN_MS,
    })
    return { location, browserToken }
  }
}
