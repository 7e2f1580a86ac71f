import type { Preset } from '@behalf/contract'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import type { PublicAuth } from '../../domain/connector.ts'
import { definitionOf } from '../../domain/preset.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'

/** The parameters that make a provider give a refresh token. */
const OFFLINE = /^(access_type|token_access_type|duration)$/

type Metadata = Patient['metadata']

/** What the definition and the metadata tell: PKCE, and whether it asks for what makes the provider give a refresh token. Nothing is sent. */
export async function checkRecipe(
  ports: Pick<Ports, 'catalogue'>,
  { client: { definition }, metadata }: Patient,
): Promise<readonly CheckResult[]> {
  const preset = definition.icon === undefined ? undefined : await ports.catalogue.byName(definition.icon)
  return [checkPkce(definition.auth, metadata), ...checkRefresh(definition.auth, metadata, preset)]
}

function checkPkce({ pkce, client_authentication }: PublicAuth, metadata: Metadata): CheckResult {
  const { passed, failed, warning } = findingsOf('pkce')
  const supported = metadata?.pkce_methods ?? []
  const asked =
    metadata === null
      ? {}
      : {
          sent: `GET the metadata of ${metadata.issuer}`,
          answered: `code_challenge_methods_supported: ${supported.slice(0, 5).join(', ') || 'not told'}`,
        }
  if (pkce === 'none')
    return warning('none', {
      ...asked,
      advice: supported.includes('S256')
        ? 'The provider supports S256: switch PKCE on (RFC 9700 2.1.1).'
        : 'Without PKCE a stolen code can be used; keep it off only where the provider breaks.',
    })
  if (supported.length > 0 && !supported.includes(pkce))
    return failed(pkce, {
      ...asked,
      advice: `The provider does not list ${pkce}. It lists ${supported.slice(0, 5).join(', ')}.`,
    })
  if (supported.length === 0 && client_authentication === 'none')
    return warning(pkce, {
      ...asked,
      advice: 'A public client depends on PKCE, and the provider does not tell whether it checks it.',
    })
  return passed(pkce, asked)
}

function checkRefresh(auth: PublicAuth, metadata: Metadata, preset: Preset | undefined): readonly CheckResult[] {
  const { passed, warning, skipped } = findingsOf('refresh_token')
  if (auth.refresh.strategy !== 'refresh_token') return [skipped(auth.refresh.strategy, { advice: null })]
  const scope = new Set([...auth.scope, ...auth.optional_scope, ...auth.refresh_scope])
  const missing = [
    ...wantedScopes(auth, metadata, preset)
      .filter(one => !scope.has(one))
      .map(one => `the scope ${one}`),
    ...wantedParams(preset)
      .filter(({ name }) => !auth.authorization_params.some(param => param.name === name))
      .map(({ name, value }) => `the authorization parameter ${name}=${value}`),
  ]
  const params = auth.authorization_params.filter(({ name }) => OFFLINE.test(name))
  const asked = [`scope=${[...scope].join(' ')}`, ...params.map(({ name, value }) => `${name}=${value}`)]
  const sent = `an authorization request asks: ${asked.join(', ')}`
  if (missing.length === 0) return [passed('recipe', { sent })]
  const advice = `Ask for ${missing.join(' and ')}: without it there may be no refresh token, and people must reconnect when the access token ends.`
  return [warning('recipe', { sent, advice })]
}

/** OpenID Connect Core 11, and what the catalogue says of this provider. */
function wantedScopes({ scope }: PublicAuth, metadata: Metadata, preset: Preset | undefined): readonly string[] {
  const openid = metadata?.scopes.includes('offline_access') === true && scope.includes('openid')
  return [...new Set([...(openid ? ['offline_access'] : []), ...(presetAuth(preset).refresh_scope ?? [])])]
}

const wantedParams = (preset: Preset | undefined) =>
  (presetAuth(preset).authorization_params ?? []).filter(({ name }) => OFFLINE.test(name))

type PresetAuth = {
  readonly refresh_scope?: readonly string[]
  readonly authorization_params?: readonly { readonly name: string; readonly value: string }[]
}
const presetAuth = (preset: Preset | undefined): PresetAuth =>
  preset === undefined ? {} : ((definitionOf(preset)['auth'] ?? {}) as PresetAuth)
