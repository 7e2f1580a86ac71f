import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { Outbound } from '../ports/outbound.ts'

/** Signatures that are believed: asymmetric, current. */
export const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const

const document = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

/** Fetches a JSON Web Key Set (RFC 7517 5). */
export async function keySet(outbound: Outbound, target: OutboundTarget, url: string): Promise<JSONWebKeySet> {
  const headers = { accept: 'application/json' }
  const response = await outbound.fetch({
    target,
    method: 'GET',
    url,
    headers,
    deadlineMs: 10_000,
    maxBytes: 262_144,
    redirects: 'same-origin',
  })
  if (!response.ok) throw new Error('no key set')
  return document.parse(await response.json()) as JSONWebKeySet
}
