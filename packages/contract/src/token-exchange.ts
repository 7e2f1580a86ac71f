import { z } from 'zod'

export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const TOKEN_TYPES = {
  idToken: 'urn:ietf:params:oauth:token-type:id_token',
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const

/** RFC 8693 2.2.1. The one answer that can hold a provider's token. */
export const tokenExchangeAnswer = z
  .object({
    access_token: z.string(),
    issued_token_type: z.enum([TOKEN_TYPES.jwt, TOKEN_TYPES.accessToken]),
    token_type: z.enum(['Bearer', 'N_A']),
    expires_in: z.int().optional(),
    scope: z.string().optional(),
  })
  .meta({ id: 'TokenExchangeAnswer' })
export type TokenExchangeAnswer = z.infer<typeof tokenExchangeAnswer>

/** RFC 6749 5.2, with the place where a person can connect. */
export const tokenExchangeError = z
  .object({
    error: z.enum([
      'invalid_request',
      'invalid_client',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_target',
      'slow_down',
      'server_error',
      'temporarily_unavailable',
    ]),
    error_description: z.string().optional(),
    connect_url: z.string().optional(),
    request_id: z.string(),
  })
  .meta({ id: 'TokenExchangeError' })
export type TokenExchangeError = z.infer<typeof tokenExchangeError>
