import type { AuthorizationRequest, ConnectOutcome } from '../../domain/authorization-request.ts'
import { type GrantQuestion, PARKED_GRANT_MS, type ParkedGrant } from '../../domain/parked-grant.ts'
import { parkedGrantPlace } from '../../domain/places.ts'
import { reveal, type Secret, secret } from '../../domain/secret.ts'
import { joined, parted } from '../../domain/secret-record.ts'
import type { Values } from '../../domain/template.ts'
import type { TokenSet } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'

/** What a grant was asked with, and by whom. */
export type GrantRequest = Pick<AuthorizationRequest, 'orgId' | 'subjectId' | 'scope' | 'variables' | 'returnTo'>
type Needs = Pick<Ports, 'clock' | 'entropy' | 'parkedGrants' | 'vault'>

/** Keeps a grant sealed until its person has answered; nothing uses it meanwhile. */
export async function parkGrant(
  ports: Needs,
  request: GrantRequest,
  connector: { readonly id: ParkedGrant['connectorId']; readonly version: number },
  tokenSet: TokenSet,
  question: GrantQuestion,
): Promise<ConnectOutcome> {
  const { orgId, subjectId, returnTo } = request
  const id = ports.entropy.randomToken()
  const now = ports.clock.now()
  await ports.parkedGrants.add({
    id,
    orgId,
    subjectId,
    connectorId: connector.id,
    connectorVersion: connector.version,
    sealed: await ports.vault.seal(parkedGrantPlace(orgId, id), packed(request, tokenSet)),
    question,
    returnTo,
    createdAt: now,
    expiresAt: now + PARKED_GRANT_MS,
  })
  return { kind: 'asking', parkedId: id }
}

type Told = Omit<TokenSet, 'accessToken' | 'refreshToken' | 'extraTokens'> & {
  readonly asked: { readonly scope: readonly string[]; readonly variables: Values }
}

function packed(request: GrantRequest, tokenSet: TokenSet): Secret {
  const { accessToken, refreshToken, extraTokens, ...rest } = tokenSet
  const told: Told = { ...rest, asked: { scope: request.scope, variables: request.variables } }
  return joined({ accessToken, refreshToken, extraTokens: joined(extraTokens), told: secret(JSON.stringify(told)) })
}

/** A parked grant as it was. Throws `vault_unavailable`. */
export async function unparked(
  { vault }: Pick<Ports, 'vault'>,
  { orgId, id, sealed, subjectId, returnTo }: ParkedGrant,
): Promise<{ readonly request: GrantRequest; readonly tokenSet: TokenSet }> {
  const {
    accessToken,
    refreshToken = null,
    extraTokens,
    told,
  } = parted(await vault.open(parkedGrantPlace(orgId, id), sealed))
  if (accessToken === undefined || told === undefined) throw new Error('a parked grant without a token')
  const { asked, ...rest } = JSON.parse(reveal(told)) as Told
  const further = extraTokens === undefined ? {} : parted(extraTokens)
  return {
    request: { orgId, subjectId, returnTo, ...asked },
    tokenSet: { ...rest, accessToken, refreshToken, extraTokens: further },
  }
}
