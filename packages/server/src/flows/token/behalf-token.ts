import type { SubjectId } from '@behalf/contract'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'

/** A Behalf token lives this long: for one plugin, one person and one connector. */
const BEHALF_TOKEN_MS = 300_000
const HEADER = { alg: 'HS256', typ: 'behalf+jwt' }

type Needs = Pick<Ports, 'clock' | 'entropy' | 'urls' | 'vault'>
type Claims = {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly azp: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

// Every claim is an id, a URL or a number of ours: ASCII, of which each character is a byte.
const encode = (value: unknown): string => base64url(JSON.stringify(value))
const base64url = (binary: string): string => btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const binaryOf = (bytes: Uint8Array): string => String.fromCharCode.apply(null, bytes as unknown as number[])
const ENCODED_HEADER = encode(HEADER)

/** The resource of a connector's gateway (RFC 8707): what a Behalf token is good at. */
const gatewayResource = (
  ports: Pick<Ports, 'urls'>,
  { organization }: Pick<RequestContext, 'organization'>,
  connectorName: string,
): string => `${ports.urls.ofOrganization(organization.slug)}/gateway/${connectorName}`

/** Whether a token claims to be one of ours; what it is worth is for verifying. */
export const isBehalfToken = (token: string): boolean => token.startsWith(`${ENCODED_HEADER}.`)

/** Issues a Behalf token (RFC 7519, HMAC under a key that never leaves the vault). */
export function createIssueBehalfToken(ports: Needs) {
  return async function issueBehalfToken(
    context: RequestContext,
    { plugin }: PluginPrincipal,
    subjectId: SubjectId,
    connectorName: string,
  ): Promise<{ readonly token: Secret; readonly expiresInMs: number }> {
    const now = Math.floor(ports.clock.now() / 1000)
    const claims: Claims = {
      iss: ports.urls.ofOrganization(context.organization.slug),
      aud: gatewayResource(ports, context, connectorName),
      sub: subjectId,
      azp: plugin.id,
      iat: now,
      exp: now + BEHALF_TOKEN_MS / 1000,
      jti: ports.entropy.randomToken(16),
    }
    const signed = `${ENCODED_HEADER}.${encode(claims)}`
    const mac = await ports.vault.mac(context.organization.id, 'behalf-token', new TextEncoder().encode(signed))
    return { token: secret(`${signed}.${base64url(binaryOf(mac))}`), expiresInMs: BEHALF_TOKEN_MS }
  }
}

/** Whom a Behalf token names, for this plugin and this connector; undefined where it is not good for them. */
export function createVerifyBehalfToken(ports: Pick<Ports, 'clock' | 'entropy' | 'urls' | 'vault'>) {
  return async function verifyBehalfToken(
    context: RequestContext,
    { plugin }: PluginPrincipal,
    token: string,
    connectorName: string,
  ): Promise<{ readonly subjectId: SubjectId; readonly untilAt: number } | undefined> {
    const [header, payload, signature, ...rest] = token.split('.')
    if (header !== ENCODED_HEADER || payload === undefined || signature === undefined || rest.length > 0)
      return undefined
    const mac = await ports.vault.mac(
      context.organization.id,
      'behalf-token',
      new TextEncoder().encode(`${header}.${payload}`),
    )
    if (!ports.entropy.equal(ports.entropy.sha256(signature), ports.entropy.sha256(base64url(binaryOf(mac)))))
      return undefined
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Claims
    const good =
      claims.iss === ports.urls.ofOrganization(context.organization.slug) &&
      claims.aud === gatewayResource(ports, context, connectorName) &&
      claims.azp === plugin.id &&
      ports.clock.now() < claims.exp * 1000
    return good ? { subjectId: claims.sub as SubjectId, untilAt: claims.exp * 1000 } : undefined
  }
}
