import type { Gateway } from '@behalf/contract'
import type { Connection } from './connection.ts'
import type { PublicDefinition } from './connector.ts'
import type { HeaderPair } from './gateway-headers.ts'
import { hostPatterns } from './host-pattern.ts'
import { fill, fillUrl, type Values } from './template.ts'
import { allValues } from './variables.ts'

/** Where the calls of one connection go and what they carry, worked out once. */
export type CallPlan = {
  /** Null where a variable of it has no value. */
  readonly baseUrl: string | null
  /** Further ones by name, as far as the grant covers their hosts. */
  readonly baseUrls: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: readonly HeaderPair[]
  /** Query parameters a caller may not bring. */
  readonly dropped: readonly string[]
}

const PRINTABLE = /^[\x20-\x7e]*$/

/** `secrets` are the organization's secret variables, where headers name them. */
export function callPlan(
  definition: PublicDefinition,
  connection: Pick<Connection, 'variables' | 'granted'>,
  secrets: Values,
): CallPlan {
  const { gateway, auth, variables, base_url } = definition
  const values = allValues(definition, connection.variables)
  const url = (template: string) => fillUrl(template, values, variables)
  const covered = Object.entries(gateway.base_urls).filter(([, template]) =>
    hostPatterns(definition, template).every(host => connection.granted.baseHosts.includes(host)),
  )
  const names = { ...values, ...secrets, client_id: auth.client_id }
  return {
    baseUrl: url(base_url) ?? null,
    baseUrls: Object.fromEntries(covered.flatMap(([name, template]) => pair(name, url(template)))),
    headers: Object.entries(gateway.headers)
      .flatMap(([name, template]) => pair(name.toLowerCase(), fill(template, names)))
      .filter(([, value]) => PRINTABLE.test(value)),
    dropped: ['access_token', ...('query' in auth.injection ? [auth.injection.query] : [])],
  }
}

const pair = (name: string, value: string | undefined): HeaderPair[] => (value === undefined ? [] : [[name, value]])

/** Whether a plan differs between connections, or needs secrets. */
export const hasFixedPlan = ({ variables, gateway }: PublicDefinition): boolean =>
  Object.keys(variables).length === 0 && Object.keys(gateway.base_urls).length === 0

/** Whether calls need the connector's secrets: to prove possession, to show a certificate, or for secret variables in headers. */
export const needsCredentials = ({ auth, variables, gateway }: PublicDefinition): boolean =>
  auth.dpop !== undefined ||
  auth.tls_client?.at.includes('api') === true ||
  Object.entries(variables).some(
    ([name, { secret }]) => secret && Object.values(gateway.headers).some(value => value.includes(`{${name}}`)),
  )

/** Whether a call may be made. `path` is what follows the base, without query. What is denied is denied however it is written. */
export function isCallAllowed({ allow, deny }: Pick<Gateway, 'allow' | 'deny'>, method: string, path: string): boolean {
  if (deny.length > 0) {
    const plain = decoded(path).toLowerCase()
    if (
      deny.some(
        rule =>
          takes(rule, method) &&
          (path.startsWith(rule.path_prefix) || plain.startsWith(decoded(rule.path_prefix).toLowerCase())),
      )
    )
      return false
  }
  return allow === undefined || allow.some(rule => takes(rule, method) && path.startsWith(rule.path_prefix))
}

const takes = ({ methods }: NonNullable<Gateway['allow']>[number], method: string): boolean =>
  methods === undefined || methods.some(one => one === method)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
