import { z } from 'zod'
import { ssoTrialId, subjectId } from './ids.ts'
import { organization, role } from './resources.ts'
import { route } from './route.ts'
import { endpointUrl, instant, line } from './wire.ts'

export const ssoTrialCreate = z
  .strictObject({
    issuer: endpointUrl('refused'),
    client_id: line(200),
    /** Absent keeps the present one, for the present issuer alone; empty for a public client. */
    client_secret: z.string().max(2000).optional(),
  })
  .meta({ id: 'SsoTrialCreate' })

export const ssoTrial = z
  .object({
    id: ssoTrialId,
    state: z.enum(['waiting', 'passed', 'failed']),
    issuer: z.string(),
    client_id: z.string(),
    /** Where whoever asked for the trial signs in, in the same browser. */
    sign_in_url: z.string(),
    /** A short code; null unless it failed. */
    reason: z.string().nullable(),
    /** Who came back; null unless it passed. */
    person: z
      .object({
        sub: z.string(),
        email: z.string().nullable(),
        email_verified: z.boolean(),
        name: z.string().nullable(),
        /** By the role mapping as it is now. */
        roles: z.array(role),
        /** The person of this issuer and `sub` that is known already. */
        subject: subjectId.nullable(),
      })
      .nullable(),
    expires_at: instant,
  })
  .meta({ id: 'SsoTrial' })

export const ssoPut = z.strictObject({ trial: ssoTrialId }).meta({ id: 'SsoPut' })

/** Changing the SSO: settings are tried by a real sign-in before they count. */
export const SSO_ROUTES = {
  trySso: route({
    method: 'post',
    path: '/organization/sso/trials',
    summary: 'Try other SSO settings',
    allows: 'organization.edit',
    body: ssoTrialCreate,
    answer: ssoTrial,
    status: 201,
    problems: ['forbidden', 'outbound_refused', 'provider_unavailable'],
  }),
  readSsoTrial: route({
    method: 'get',
    path: '/organization/sso/trials/{id}',
    summary: 'Read how a trial went',
    allows: 'organization.edit',
    params: z.object({ id: ssoTrialId }),
    answer: ssoTrial,
    status: 200,
    problems: ['not_found'],
  }),
  putSso: route({
    method: 'put',
    path: '/organization/sso',
    summary: 'Sign people in by the settings of a trial that passed',
    allows: 'organization.edit',
    body: ssoPut,
    answer: organization,
    status: 200,
    versioned: true,
    problems: ['not_found', 'sso_not_tried', 'version_conflict', 'version_required'],
  }),
} as const
