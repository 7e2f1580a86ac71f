import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const MOST_BYTES = 100_000
const MOST_KEPT = 500

/** A message that came and was signed as Standard Webhooks says; others are refused. */
export type Received = { readonly id: string; readonly type: string; readonly data: unknown }

/** The sample company's receiver of webhooks: `POST /webhooks` takes a message once, `GET /webhooks` lists what came, newest first. */
export function createInbox() {
  let key: Buffer | undefined
  const received: Received[] = []
  return { trust, inbox }

  /** Takes messages that are signed with this secret (`whsec_…`). */
  function trust(secret: string): void {
    key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  }

  async function inbox(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST')
      return void response
        .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
        .end(JSON.stringify(received))
    let body = ''
    for await (const chunk of request) {
      body += String(chunk)
      if (body.length > MOST_BYTES) return void response.writeHead(413).end()
    }
    const id = String(request.headers['webhook-id'])
    if (!isSigned(request, id, body)) return void response.writeHead(401).end()
    const { type, data } = JSON.parse(body) as Received
    if (!received.some(known => known.id === id)) received.unshift({ id, type, data })
    received.splice(MOST_KEPT)
    response.writeHead(204).end()
  }

  function isSigned({ headers }: IncomingMessage, id: string, body: string): boolean {
    if (key === undefined) return false
    const wanted = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`).digest()
    return String(headers['webhook-signature'])
      .split(' ')
      .map(each => Buffer.from(each.replace(/^v1,/, ''), 'base64'))
      .some(given => given.length === wanted.length && timingSafeEqual(given, wanted))
  }
}
