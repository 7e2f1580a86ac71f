import type * as wire from '@behalf/contract'
import type { SSO_ROUTES, SsoTrialId } from '@behalf/contract'
import { rolesOf } from '../../domain/person.ts'
import type { JudgedTrial } from '../../flows/admin/change-sso.ts'
import type { Flows } from '../../flows/flows.ts'
import { type View, viewOrganization } from '../views.ts'
import type { RestHandlers } from './rest-handlers.ts'

/** Changing the SSO over REST. */
export function createSsoHandlers(flows: Flows): Pick<RestHandlers, keyof typeof SSO_ROUTES> {
  return {
    trySso: async ({ context, principal, body }) =>
      viewTrial(
        await flows.trySso(context, principal, {
          issuer: body.issuer,
          clientId: body.client_id,
          clientSecret: body.client_secret,
        }),
      ),
    readSsoTrial: async ({ context, principal, params }) =>
      viewTrial(await flows.readSsoTrial(context, principal, params.id as SsoTrialId)),
    async putSso({ context, principal, body, version }) {
      const after = await flows.putSso(context, principal, { id: body.trial as SsoTrialId, version })
      return viewOrganization(after, flows.urlOf(after))
    },
  }
}

const viewTrial = ({ trial, person }: JudgedTrial): View<typeof wire.ssoTrial> => ({
  id: trial.id,
  state: trial.outcome === null ? 'waiting' : trial.outcome.kind,
  issuer: trial.issuer,
  client_id: trial.clientId,
  sign_in_url: `/auth/sso-trial/${trial.id}`,
  reason: trial.outcome?.kind === 'failed' ? trial.outcome.reason : null,
  person: person && {
    sub: person.sub,
    email: person.email,
    email_verified: person.emailVerified,
    name: person.name,
    roles: [...rolesOf(person)],
    subject: person.version === 1 ? null : person.id,
  },
  expires_at: new Date(trial.expiresAt).toISOString(),
})
