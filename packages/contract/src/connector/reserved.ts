/** Authorization request parameters that Behalf alone sets (RFC 6749 4.1.1, RFC 7636, RFC 9101). */
export const RESERVED_AUTHORIZATION_PARAMS: ReadonlySet<string> = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
])

/** Token request fields that Behalf alone sets (RFC 6749 4.1.3 and 6). */
export const RESERVED_TOKEN_FIELDS: ReadonlySet<string> = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
  'scope',
])

/** Revocation request fields that Behalf alone sets. */
export const RESERVED_REVOCATION_FIELDS: ReadonlySet<string> = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_secret',
])

/** Headers that a connector cannot set: framing, routing, and what carries credentials or identity. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'origin',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])
