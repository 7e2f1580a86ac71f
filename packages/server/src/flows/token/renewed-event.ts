import type { AuditEvent } from '../../domain/audit-event.ts'
import { toHex } from '../../domain/bytes.ts'
import { type Connection, scopeOf } from '../../domain/connection.ts'
import { unasked } from '../../domain/granted-scope.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { RefreshedTokens } from '../../ports/connection-store.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

const NO_ALIASES = { scope_aliases: {} }

// An answer that names no scope leaves it as it was (RFC 6749 5.1).
const isSameScope = ({ grantedScope }: RefreshedTokens, before: Connection): boolean =>
  grantedScope === null ||
  (unasked(NO_ALIASES, grantedScope, scopeOf(before)).length === 0 &&
    unasked(NO_ALIASES, scopeOf(before), grantedScope).length === 0)

/** The fact that a connection's tokens were renewed, whoever stores them; `before` is the connection that they replace. */
export function newRenewedEvent(
  ports: Pick<Ports, 'clock' | 'entropy'>,
  context: Pick<RequestContext, 'organization'>,
  tokens: RefreshedTokens,
  before: Connection,
  more: AuditEvent['details'] = {},
): AuditEvent {
  const hash = (sealed: Uint8Array) => toHex(ports.entropy.sha256Bytes(sealed))
  return newAuditEvent(ports, context, 'system', 'token.refreshed', {
    onBehalfOf: before.subjectId,
    target: before.id,
    details: {
      ...more,
      token_version: tokens.tokenVersion,
      ...(isSameScope(tokens, before) ? {} : { scope: tokens.grantedScope ?? [] }),
      rotated: tokens.refreshToken?.secretVersion !== before.refreshToken?.secretVersion,
      access_token_hash: hash(tokens.accessToken.sealed),
      refresh_token_hash: tokens.refreshToken && hash(tokens.refreshToken.sealed),
    },
  })
}
