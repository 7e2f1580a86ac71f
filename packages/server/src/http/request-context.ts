import type { IncomingMessage } from 'node:http'
import { BrokerError } from '../domain/broker-error.ts'
import type { AddressRange } from '../domain/ip-address.ts'
import type { NowOrLater } from '../domain/now-or-later.ts'
import type { Organization } from '../domain/organization.ts'
import type { RequestContext } from '../domain/request-context.ts'
import type { Flows } from '../flows/flows.ts'
import { clientAddress } from './raw-request.ts'

/** Everything known before a request is judged; `context()` throws `not_found` where its host names no organization. */
export type Arrival = {
  readonly requestId: string
  readonly baseUrl: string
  readonly address: string | null
  context(): RequestContext
}
export type ContextOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => NowOrLater<Arrival>

type Needs = {
  readonly flows: Pick<Flows, 'findOrganization' | 'newRequestId' | 'urlOf'>
  readonly trustedProxies: readonly AddressRange[]
}

/** Finds whose organization a request is for, by its host alone, and who seems to be asking. */
export function createContextOf({ flows, trustedProxies }: Needs): ContextOf {
  return request => {
    const requestId = flows.newRequestId()
    const address = clientAddress(request, trustedProxies)
    const failed = (error: unknown): Arrival => ({ requestId, address, baseUrl: '', context: () => refuse(error) })
    try {
      const organization = flows.findOrganization(request.headers.host ?? '')
      if (!(organization instanceof Promise)) return arrived(requestId, address, organization)
      return organization.then(found => arrived(requestId, address, found)).catch(failed)
    } catch (error) {
      return failed(error)
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
