import type { IncomingMessage } from 'node:http'
import { BrokerError } from '../domain/broker-error.ts'
import type { AddressRange } from '../domain/ip-address.ts'
import type { Organization } from '../domain/organization.ts'
import type { RequestContext } from '../domain/request-context.ts'
import type { Flows } from '../flows/flows.ts'
import { clientAddress } from './raw-request.ts'

/** Everything known before a request is judged; `context()` throws `not_found` where its host names no organization. */
type Arrival = {
  readonly requestId: string
  readonly baseUrl: string
  readonly address: string | null
  context(): RequestContext
}
export type ContextOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => Promise<Arrival>

type Needs = {
  readonly flows: Pick<Flows, 'findOrganization' | 'newRequestId' | 'urlOf'>
  readonly trustedProxies: readonly AddressRange[]
}

/** Finds whose organization a request is for, by its host alone, and who seems to be asking. */
export function createContextOf({ flows, trustedProxies }: Needs): ContextOf {
  return async request => {
    const requestId = flows.newRequestId()
    const address = clientAddress(request, trustedProxies)
    const found = await flows.findOrganization(request.headers.host ?? '').catch((error: unknown) => asError(error))
    const organization: Organization | undefined = found instanceof Error ? undefined : found
    return {
      requestId,
      address,
      baseUrl: organization === undefined ? '' : flows.urlOf(organization),
      context() {
        if (found instanceof Error) throw found
        if (organization === undefined)
          throw new BrokerError('not_found', { detail: 'No organization lives at this host.' })
        return { organization, requestId, address }
      },
    }
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('unknown'))
