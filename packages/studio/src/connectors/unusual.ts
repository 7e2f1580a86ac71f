import type { Path } from '../form/json.ts'
import { CONNECTORS } from '../text/connectors.ts'
import { SCHEMA, schemaAt } from './definition.ts'

/** Fields that have their place in the main form, or are for the broker alone. */
const ELSEWHERE = new Set([
  'schema_version',
  'name',
  'display_name',
  'display_description',
  'base_url',
  'approve',
  'auth',
  'auth/type',
  'auth/grant_type',
  'auth/authorization_url',
  'auth/client_id',
  'auth/client_secret',
  'auth/secrets',
  'auth/scope',
  'auth/token_url',
  'auth/revoke_url',
  'auth/instructions_url',
  'auth/issuer',
  'auth/revoke/authentication',
  'auth/revoke/token_key',
  'auth/revoke/data',
  'auth/token_request/data',
])
/** These are shown part by part, because one part stands in the main form. */
const SPLIT = new Set(['auth/revoke', 'auth/token_request'])

const { parts } = CONNECTORS.form
const PLACES: readonly (readonly [title: string, fits: RegExp])[] = [
  [parts.variables, /^(variables|environment)/],
  [parts.endpoints, /^auth\/(discovery|\w+_url$)/],
  [parts.client, /^auth\/(client_|tls_client|dpop)/],
  [parts.callback, /^auth\/(callback|iss_required)/],
  [
    parts.authorization,
    /^auth\/(authorization_|reconnect_params|extra_scope|optional_scope|step_up|refresh_scope|scope|pkce|resource)/,
  ],
  [parts.token, /^auth\/(token_request|second_exchange|refresh)/],
  [parts.answers, /^auth\/token_response/],
  [parts.revocation, /^auth\/revo/],
  [parts.injection, /^auth\/injection/],
  [parts.account, /^account/],
  [parts.gateway, /^(gateway|health)/],
  [parts.other, /./],
]

function pathsUnder(path: Path): Path[] {
  const key = path.join('/')
  const schema = path.length === 0 ? SCHEMA : schemaAt(path)
  const open = path.length === 0 || key === 'auth' || SPLIT.has(key)
  if (!open) return ELSEWHERE.has(key) ? [] : [path]
  return Object.keys(schema?.properties ?? {}).flatMap(name => pathsUnder([...path, name]))
}

const all = pathsUnder([])

/** Every field that the main form does not show, by what it is about: a new field of the schema shows up by itself. */
export const UNUSUAL: readonly { readonly title: string; readonly paths: readonly Path[] }[] = PLACES.map(
  ([title, fits], index) => ({
    title,
    paths: all.filter(
      path => fits.test(path.join('/')) && !PLACES.slice(0, index).some(([, before]) => before.test(path.join('/'))),
    ),
  }),
).filter(({ paths }) => paths.length > 0)
