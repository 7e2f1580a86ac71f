import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { BrokerError } from '../domain/broker-error.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { Outbound } from '../ports/outbound.ts'

/** Signatures that are believed: asymmetric, current. */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const

const DEADLINE_MS = 10_000
const MOST_BYTES = 262_144
const document = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

/** Fetches a JSON Web Key Set (RFC 7517 5). Throws what outbound throws, and the same for what is no key set. */
export async function fetchKeySet(outbound: Outbound, target: OutboundTarget, url: string): Promise<JSONWebKeySet> {
  const response = await outbound.fetch({
    target,
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    deadlineMs: DEADLINE_MS,
    maxBytes: MOST_BYTES,
    redirects: 'same-origin',
  })
  if (!response.ok) throw new BrokerError('provider_unavailable', { detail: 'The key set cannot be read.' })
  const read = document.safeParse(await response.json().catch(() => undefined))
  if (read.success) return read.data as JSONWebKeySet
  throw new BrokerError('provider_invalid_response', { detail: 'The key set is not one.' })
}
