import type { Preset } from '@behalf/contract'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import type { PublicAuth } from '../../domain/connector.ts'
import { definitionOf } from '../../domain/preset.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'

/** What the definition itself tells: PKCE, and whether it asks for what makes the provider give a refresh token. Nothing is sent. */
export async function checkRecipe(
  ports: Pick<Ports, 'catalogue'>,
  { client: { definition } }: Patient,
): Promise<readonly CheckResult[]> {
  const preset = definition.icon === undefined ? undefined : await ports.catalogue.byName(definition.icon)
  return [checkPkce(definition.auth), ...checkRefresh(definition.auth, preset)]
}

function checkPkce({ pkce, discovered, client_authentication }: PublicAuth): CheckResult {
  const { passed, failed, warning } = findingsOf('pkce')
  const supported = discovered?.pkce_methods ?? []
  const answered =
    discovered === undefined
      ? null
      : `code_challenge_methods_supported: ${supported.slice(0, 5).join(', ') || 'not told'}`
  if (pkce === 'none')
    return warning('none', {
      answered,
      advice: supported.includes('S256')
        ? 'The provider supports S256: switch PKCE on (RFC 9700 2.1.1).'
        : 'Without PKCE a stolen code can be used; keep it off only where the provider breaks.',
    })
  if (supported.length > 0 && !supported.includes(pkce))
    return failed(pkce, {
      answered,
      advice: `The provider does not list ${pkce}. It lists ${supported.slice(0, 5).join(', ')}.`,
    })
  if (supported.length === 0 && client_authentication === 'none')
    return warning(pkce, {
      answered,
      advice: 'A public client depends on PKCE, and the provider does not tell whether it checks it.',
    })
  return passed(pkce, { answered })
}

function checkRefresh(auth: PublicAuth, preset: Preset | undefined): readonly CheckResult[] {
  const { passed, warning, skipped } = findingsOf('refresh_token')
  if (auth.refresh.strategy !== 'refresh_token') return [skipped(auth.refresh.strategy, { advice: null })]
  const scope = new Set([...auth.scope, ...auth.optional_scope, ...auth.refresh_scope])
  const missing = [
    ...wantedScopes(auth, preset)
      .filter(one => !scope.has(one))
      .map(one => `the scope ${one}`),
    ...wantedParams(preset)
      .filter(({ name }) => !auth.authorization_params.some(param => param.name === name))
      .map(({ name, value }) => `the authorization parameter ${name}=${value}`),
  ]
  if (missing.length === 0) return [passed('recipe')]
  const advice = `Ask for ${missing.join(' and ')}: without it there may be no refresh token, and people must reconnect when the access token ends.`
  return [warning('recipe', { advice })]
}

/** OpenID Connect Core 11, and what the catalogue says of this provider. */
function wantedScopes({ discovered, scope }: PublicAuth, preset: Preset | undefined): readonly string[] {
  const openid = discovered?.scopes.includes('offline_access') === true && scope.includes('openid')
  return [...new Set([...(openid ? ['offline_access'] : []), ...(presetAuth(preset).refresh_scope ?? [])])]
}

const OFFLINE = /^(access_type|token_access_type|duration)$/
const wantedParams = (preset: Preset | undefined) =>
  (presetAuth(preset).authorization_params ?? []).filter(({ name }) => OFFLINE.test(name))

type PresetAuth = {
  readonly refresh_scope?: readonly string[]
  readonly authorization_params?: readonly { readonly name: string; readonly value: string }[]
}
const presetAuth = (preset: Preset | undefined): PresetAuth =>
  preset === undefined ? {} : ((definitionOf(preset)['auth'] ?? {}) as PresetAuth)
