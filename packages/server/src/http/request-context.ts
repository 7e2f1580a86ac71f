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
    try {
      const organization = await flows.findOrganization(request.headers.host ?? '')
      return arrived(requestId, address, organization)
    } catch (error) {
      return { requestId, address, baseUrl: '', context: () => refuse(error) }
    }
  }

  function arrived(requestId: string, address: string | null, organization: Organization | undefined): Arrival {
    if (organization === undefined) return { requestId, address, baseUrl: '', context: () => refuse(NOBODY()) }
    const context = { organization, requestId, address }
    return { requestId, address, baseUrl: flows.urlOf(organization), context: () => context }
  }
}

const NOBODY = () => new BrokerError('not_found', { detail: 'No organization lives at this host.' })

function refuse(error: unknown): never {
  throw error
}
