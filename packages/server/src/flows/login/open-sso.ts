import type { Organization } from '../../domain/organization.ts'
import { ssoSecretPlace, ssoTrialPlace } from '../../domain/places.ts'
import type { SsoTrial } from '../../domain/sso-trial.ts'
import type { Ports } from '../../ports/index.ts'
import type { Sso } from '../../ports/sign-in-provider.ts'

const opened = new WeakMap<Organization, Sso>()

/** {@link openSso}, once for each reading of the organization. */
export async function openSsoOnce(ports: Pick<Ports, 'vault'>, organization: Organization): Promise<Sso> {
  const sso = opened.get(organization) ?? (await openSso(ports, organization))
  opened.set(organization, sso)
  return sso
}

/** The organization's SSO with its client secret opened. */
export async function openSso(ports: Pick<Ports, 'vault'>, { id, slug, sso }: Organization): Promise<Sso> {
  const clientSecret = await ports.vault.open(ssoSecretPlace(id, sso.secretVersion), sso.clientSecret)
  return { issuer: sso.issuer, clientId: sso.clientId, clientSecret, target: { orgSlug: slug } }
}

/** An SSO on trial with its client secret opened. */
export async function openSsoTrial(
  ports: Pick<Ports, 'vault'>,
  { slug }: Organization,
  { orgId, id, issuer, clientId, clientSecret }: SsoTrial,
): Promise<Sso> {
  const opened = await ports.vault.open(ssoTrialPlace(orgId, id), clientSecret)
  return { issuer, clientId, clientSecret: opened, target: { orgSlug: slug } }
}

/** What is registered at the SSO. */
export const signInRedirectUri = (ports: Pick<Ports, 'urls'>, { slug }: Organization): string =>
  `${ports.urls.ofOrganization(slug)}/auth/ssoCallback`
