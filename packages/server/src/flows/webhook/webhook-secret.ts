import type { OrgId, WebhookId } from '@behalf/contract'
import { webhookSecretPlace } from '../../domain/places.ts'
import { reveal, type Secret, secret } from '../../domain/secret.ts'
import { type SealedWebhookSecret, signedContent, WEBHOOK_SECRET_PREFIX, type Webhook } from '../../domain/webhook.ts'
import type { Ports } from '../../ports/index.ts'

const BYTES = 32

/** A new secret of a webhook, sealed and in the form it is shown in once. */
export async function drawSecret(
  ports: Pick<Ports, 'entropy' | 'vault'>,
  { orgId, id }: { readonly orgId: OrgId; readonly id: WebhookId },
  secretVersion: number,
): Promise<{ readonly sealed: SealedWebhookSecret; readonly shown: Secret }> {
  const drawn = ports.entropy.randomToken(BYTES).replaceAll('-', '+').replaceAll('_', '/')
  const shown = secret(WEBHOOK_SECRET_PREFIX + drawn.padEnd(Math.ceil(drawn.length / 4) * 4, '='))
  const sealed = await ports.vault.seal(webhookSecretPlace(orgId, id, secretVersion), shown)
  return { sealed: { sealed, secretVersion }, shown }
}

/** The value of `webhook-signature`: one `v1` signature for each secret that is active (Standard Webhooks). */
export async function signatures(
  ports: Pick<Ports, 'entropy' | 'vault'>,
  webhook: Webhook,
  message: { readonly id: string; readonly timestamp: number; readonly body: string },
  now: number,
): Promise<string> {
  const { secret: current, previousSecret: previous } = webhook
  const active = previous !== null && now < previous.endsAt ? [current, previous] : [current]
  const signed = active.map(async ({ sealed, secretVersion }) => {
    const opened = await ports.vault.open(webhookSecretPlace(webhook.orgId, webhook.id, secretVersion), sealed)
    const content = signedContent(message.id, message.timestamp, message.body)
    const mac = ports.entropy.hmacSha256(keyOf(opened), content)
    return `v1,${btoa(String.fromCharCode(...mac))}`
  })
  return (await Promise.all(signed)).join(' ')
}

// SECURITY: revealed as the key of an HMAC; it goes nowhere else.
const keyOf = (opened: Secret): Uint8Array =>
  Uint8Array.from(atob(reveal(opened).slice(WEBHOOK_SECRET_PREFIX.length)), character => character.charCodeAt(0))
