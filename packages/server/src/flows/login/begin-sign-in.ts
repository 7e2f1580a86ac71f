import type { SsoTrialId } from '@behalf/contract'
import { signInPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { Sso } from '../../ports/sign-in-provider.ts'
import { openSso, signInRedirectUri } from './open-sso.ts'

const SIGN_IN_MS = 600_000

type Needs = Pick<Ports, 'clock' | 'entropy' | 'sessions' | 'signIn' | 'urls' | 'vault'>
export type BegunSignIn = { readonly location: string; readonly browserToken: string }

/** Begins one sign-in at the organization's SSO (OpenID Connect Core 3.1.2.1). Throws `provider_unavailable`. */
export function createBeginSignIn(ports: Needs) {
  const beginAt = createBeginAt(ports)

  return async function beginSignIn(
    context: RequestContext,
    asked: { readonly returnTo: string | undefined; readonly browserToken: string | undefined },
  ): Promise<BegunSignIn> {
    const sso = await openSso(ports, context.organization)
    return beginAt(context, sso, { ...asked, trialId: null })
  }
}

/** Begins one sign-in at an SSO, the organization's or one on trial. */
export function createBeginAt(ports: Needs) {
  return async function beginAt(
    { organization }: RequestContext,
    sso: Sso,
    asked: {
      readonly returnTo: string | undefined
      readonly browserToken: string | undefined
      readonly trialId: SsoTrialId | null
    },
  ): Promise<BegunSignIn> {
    const state = ports.entropy.randomToken(32)
    const nonce = ports.entropy.randomToken(32)
    const verifierText = ports.entropy.randomToken(32)
    const browserToken = asked.browserToken ?? ports.entropy.randomToken(32)
    const stateHash = ports.entropy.sha256(state)
    const redirectUri = signInRedirectUri(ports, organization)
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
      trialId: asked.trialId,
      expiresAt: ports.clock.now() + SIGN_IN_MS,
    })
    return { location, browserToken }
  }
}
