import type { Connector } from '@behalf/sdk'
import { SCHEMAS } from '@behalf/sdk/schemas'
import { check, urlFault } from '../form/check.ts'
import { getAt, isObject, type JsonObject, type Path, pointerOf } from '../form/json.ts'
import { FORM } from '../text/form.ts'

export const SCHEMA = SCHEMAS['ConnectorCreate'] ?? {}

/** What a read adds to a definition: it cannot be sent back. */
const READ_ONLY = [
  'id',
  'callback_url',
  'observed_issuer',
  'approved',
  'approved_hosts',
  'hosts',
  'version',
  'created_at',
  'updated_at',
]

/** The definition within a connector as it was read, ready to be edited; secrets are never in it. */
export function definitionOf(connector: Connector): JsonObject {
  const known = new Set(Object.keys(SCHEMA.properties ?? {}))
  const fields = Object.entries(connector as unknown as JsonObject).filter(
    ([name, value]) => known.has(name) && !READ_ONLY.includes(name) && value !== null,
  )
  const { client_secret: _, discovered: __, secrets: ___, ...auth } = connector.auth as unknown as JsonObject
  return { ...Object.fromEntries(fields), auth }
}

export const NEW_DEFINITION: JsonObject = { name: '', base_url: '', auth: {} }

/** The schema of a field, by the path of its value. */
export function schemaAt(path: Path) {
  let schema = SCHEMA
  for (const name of path) {
    const inner = schema.properties?.[name]
    if (inner === undefined) return undefined
    const ref = inner.$ref?.split('/').at(-1)
    schema = ref === undefined ? inner : { ...SCHEMA.$defs?.[ref], ...inner }
  }
  return schema
}

/** What is wrong with a definition, as far as that can be told while one types. */
export function checkDefinition(definition: JsonObject): [string, string][] {
  const faults = check(SCHEMA, definition)
  const auth = definition['auth']
  const issuer = getAt(definition, ['auth', 'issuer'])
  if (issuer === undefined)
    for (const field of ['authorization_url', 'token_url'])
      if (!getAt(definition, ['auth', field])) faults.push([`/auth/${field}`, FORM.faults.needsIssuer])
  const urls: readonly Path[] = [
    ['base_url'],
    ['documentation_url'],
    ...Object.keys(isObject(auth) ? auth : {})
      .filter(name => name.endsWith('_url') || name === 'issuer')
      .map(name => ['auth', name]),
  ]
  for (const path of urls) {
    const value = getAt(definition, path)
    const fault = typeof value === 'string' ? urlFault(value) : undefined
    if (fault !== undefined) faults.push([pointerOf(path), fault])
  }
  return faults
}

/** Where the third party sends people back to: known before anything is saved. */
export function callbackUrl(organizationUrl: string, definition: JsonObject): string {
  const own = `${organizationUrl}/auth/oauthCallback`
  if (getAt(definition, ['auth', 'callback']) === 'organization') return own
  return `${own}/${getAt(definition, ['name']) || '{name}'}`
}
