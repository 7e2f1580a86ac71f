import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What happened, in the one order that the provider and all callers of a test share. */
export type Sequence = () => number

/** What a refresh does with the refresh token (case RR-08). */
export type RefreshStyle = 'rotate' | 'same' | 'none' | 'empty'

/** One request that the provider saw. */
export type ProviderSaw = {
  /** Its place in the one order, and the time, both of its arrival. */
  readonly n: number
  readonly at: number
  readonly kind: 'token' | 'revoke' | 'api'
  readonly grantType: string | null
  /** Whose token it was; null where nobody's. */
  readonly account: string | null
  /** Which of the account's refresh tokens, counted from 0: the one presented, or the one that goes with the access token presented. */
  readonly index: number | null
  readonly outcome: string
  /** How many requests with this very refresh token were open when it came, itself included. */
  readonly outstanding: number
}

/** What a test makes of one token request; without it, the answer comes at once. */
export type Move = {
  /** Before anything is done with it. */
  readonly waitMs?: number
  readonly wait?: Promise<unknown>
  /** Answered instead of being processed. */
  readonly instead?: { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** The connection ends before or after it was processed, without an answer. */
  readonly drop?: 'before' | 'after'
  /** Between processing and the answer. */
  readonly beforeAnswer?: () => void | Promise<void>
  /** After the answer's last byte went out. */
  readonly answered?: () => void
}
export type TokenAsked = {
  readonly grantType: string
  readonly account: string | null
  readonly index: number | null
  readonly n: number
}

/** How the provider treats one account. */
export type Script = {
  readonly style: RefreshStyle
  /** For so long a used refresh token still brings its successor. */
  readonly graceMs: number
  /** `expires_in` as told, and as lived. */
  readonly lifeS: number | undefined
  /** A refresh token ends when nobody used it for so long. */
  readonly idleMs: number
  readonly onToken: (asked: TokenAsked) => Move | undefined
}

type Grant = {
  readonly account: string
  index: number
  current: string
  alive: boolean
  usedAt: number | null
  touchedAt: number
}
type Issued = { readonly grant: Grant; readonly index: number; readonly endsAt: number }

export type FaultProvider = AsyncDisposable & {
  readonly url: string
  readonly saw: readonly ProviderSaw[]
  readonly issued: ReadonlySet<string>
  readonly sockets: () => number
  /** Bytes that its API wrote and read so far, over all calls. */
  readonly poured: () => number
  readonly received: () => number
  /** How it treats one account from now on; what is not given stays as it was. */
  script(account: string, script: Partial<Script>): void
  onRevoke: (account: string | null) => Move | undefined
  /** Answers the authorization request in the person's place. */
  authorize: (query: URLSearchParams) => { readonly account: string } | { readonly error: string }
  /** How far its own clock, in `Date`, is from ours. */
  dateOffsetMs: number
  grant(account: string): { readonly accessToken: string; readonly refreshToken: string }
  /** The newest refresh token of an account that is alive. */
  newest(account: string): { readonly refreshToken: string; readonly index: number } | undefined
  /** Whether a refresh token is the newest of its grant, and the grant is alive. */
  isNewest(refreshToken: string): boolean
  /** Access tokens die early. */
  killAccess(account: string): void
  refreshes(account: string): readonly ProviderSaw[]
}

const NOTHING: Move = {}
const PLAIN: Script = { style: 'rotate', graceMs: 0, lifeS: 3_600, idleMs: Infinity, onToken: () => undefined }

/** A provider on a real socket with true rotation: each refresh token works once, and reuse ends the grant. */
export async function startFaultProvider(next: Sequence, clientSecret: string): Promise<FaultProvider> {
  const saw: ProviderSaw[] = []
  const refreshesOf = new Map<string, ProviderSaw[]>()
  const scripts = new Map<string, Script>()
  const scriptOf = (account: string | null) => scripts.get(account ?? '') ?? PLAIN
  const refreshTokens = new Map<string, Issued>()
  const accessTokens = new Map<string, Issued>()
  const newestOf = new Map<string, string>()
  const codes = new Map<string, { readonly account: string; readonly redirectUri: string }>()
  const issued = new Set<string>()
  const open = new Map<string, number>()
  const draw = (kind: string, account: string, index: number) => {
    const token = `${kind}.${account}.${index}.${randomBytes(18).toString('base64url')}`
    issued.add(token)
    return token
  }
  const issueAccess = (grant: Grant, index = grant.index) => {
    const token = draw('at', grant.account, grant.index)
    const { lifeS } = scriptOf(grant.account)
    const endsAt = lifeS === undefined ? Infinity : Date.now() + lifeS * 1_000
    accessTokens.set(token, { grant, index, endsAt })
    return token
  }
  const issueRefresh = (grant: Grant) => {
    const token = draw('rt', grant.account, grant.index)
    grant.current = token
    refreshTokens.set(token, { grant, index: grant.index, endsAt: Infinity })
    newestOf.set(grant.account, token)
    return token
  }
  const arrival = () => ({ n: next(), at: Date.now() })
  const note = (entry: Omit<ProviderSaw, 'n' | 'at'>, arrived = arrival()) => {
    const seen = { ...arrived, ...entry }
    saw.push(seen)
    if (entry.grantType !== 'refresh_token' || entry.account === null) return
    const before = refreshesOf.get(entry.account)
    if (before === undefined) refreshesOf.set(entry.account, [seen])
    else before.push(seen)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  let [sockets, poured, received] = [0, 0, 0]
  server.on('connection', socket => {
    sockets += 1
    socket.on('close', () => {
      sockets -= 1
    })
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://provider')
    response.setHeader('date', new Date(Date.now() + provider.dateOffsetMs).toUTCString())
    if (url.pathname === '/auth') return authorize(url, response)
    if (url.pathname.startsWith('/api/')) return api(request, response, url)
    const form = new URLSearchParams(await textOf(request))
    if (url.pathname === '/token') return token(form, response)
    if (url.pathname === '/revoke') return revoke(form, response)
    response.writeHead(404).end()
  }

  function authorize({ searchParams }: URL, response: ServerResponse): void {
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('state', searchParams.get('state') ?? '')
    const said = provider.authorize(searchParams)
    if ('error' in said) back.searchParams.set('error', said.error)
    else {
      const code = draw('code', said.account, 0)
      codes.set(code, { account: said.account, redirectUri: searchParams.get('redirect_uri') ?? '' })
      back.searchParams.set('code', code)
    }
    response.writeHead(302, { location: back.href }).end()
  }

  async function token(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const grantType = form.get('grant_type') ?? ''
    const presented = form.get('refresh_token') ?? ''
    const held = refreshTokens.get(presented)
    const account =
      grantType === 'refresh_token'
        ? (held?.grant.account ?? null)
        : (codes.get(form.get('code') ?? '')?.account ?? null)
    const arrived = arrival()
    const outstanding = (open.get(presented) ?? 0) + 1
    open.set(presented, outstanding)
    response.once('close', () => open.set(presented, (open.get(presented) ?? 1) - 1))
    const move = scriptOf(account).onToken({ grantType, account, index: held?.index ?? null, n: arrived.n }) ?? NOTHING
    const seen = { kind: 'token', grantType, account, index: held?.index ?? null, outstanding } as const
    if (move.waitMs !== undefined) await delay(move.waitMs)
    await move.wait
    if (move.drop === 'before') {
      note({ ...seen, outcome: 'dropped' }, arrived)
      return void response.destroy()
    }
    if (move.instead !== undefined) {
      note({ ...seen, outcome: `http_${move.instead.status}` }, arrived)
      return void response
        .writeHead(move.instead.status, { 'content-type': 'application/json', ...move.instead.headers })
        .end(move.instead.body ?? '')
    }
    const answer = grantType === 'refresh_token' ? refresh(presented, held) : exchange(form)
    note({ ...seen, outcome: answer.outcome }, arrived)
    await move.beforeAnswer?.()
    if (move.drop === 'after') return void response.destroy()
    response
      .writeHead(answer.status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(answer.body), () => move.answered?.())
  }

  type Answer = { readonly status: number; readonly outcome: string; readonly body: unknown }
  const refused = (outcome: string): Answer => ({ status: 400, outcome, body: { error: 'invalid_grant' } })

  function refresh(presented: string, held: Issued | undefined): Answer {
    if (held === undefined) return refused('unknown')
    const { grant, index } = held
    const { style, graceMs, idleMs } = scriptOf(grant.account)
    if (!grant.alive) return refused('dead')
    if (Date.now() - grant.touchedAt > idleMs) {
      grant.alive = false
      return refused('idle')
    }
    grant.touchedAt = Date.now()
    if (style !== 'rotate') {
      grant.index += 1
      const told = { same: { refresh_token: presented }, none: {}, empty: { refresh_token: '' } }[style]
      return { status: 200, outcome: 'refreshed', body: { ...access(grant, index), ...told } }
    }
    if (index === grant.index) {
      grant.index += 1
      grant.usedAt = Date.now()
      return { status: 200, outcome: 'rotated', body: { ...access(grant), refresh_token: issueRefresh(grant) } }
    }
    const inGrace = index === grant.index - 1 && grant.usedAt !== null && Date.now() - grant.usedAt <= graceMs
    if (inGrace) {
      return { status: 200, outcome: 'grace', body: { ...access(grant), refresh_token: newestOf.get(grant.account) } }
    }
    grant.alive = false
    return refused('reuse')
  }

  function exchange(form: URLSearchParams): Answer {
    const code = form.get('code') ?? ''
    const held = codes.get(code)
    codes.delete(code)
    if (held === undefined) return refused('code_spent')
    if (held.redirectUri !== form.get('redirect_uri')) return refused('redirect_uri')
    const grant = newGrant(held.account)
    return { status: 200, outcome: 'granted', body: { ...access(grant), refresh_token: issueRefresh(grant) } }
  }

  function access(grant: Grant, index?: number) {
    const { lifeS } = scriptOf(grant.account)
    const life = lifeS === undefined ? {} : { expires_in: lifeS }
    return { access_token: issueAccess(grant, index), token_type: 'Bearer', ...life }
  }

  function newGrant(account: string): Grant {
    const before = newestOf.get(account)
    const index = before === undefined ? 0 : (refreshTokens.get(before)?.grant.index ?? 0) + 1
    return { account, index, current: '', alive: true, usedAt: null, touchedAt: Date.now() }
  }

  async function revoke(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const held = refreshTokens.get(form.get('token') ?? '') ?? accessTokens.get(form.get('token') ?? '')
    const move = provider.onRevoke(held?.grant.account ?? null) ?? NOTHING
    const seen = {
      kind: 'revoke',
      grantType: null,
      account: held?.grant.account ?? null,
      index: held?.index ?? null,
    } as const
    if (move.waitMs !== undefined) await delay(move.waitMs)
    await move.wait
    note({ ...seen, outcome: move.instead === undefined ? 'revoked' : `http_${move.instead.status}`, outstanding: 1 })
    if (move.drop !== undefined) return void response.destroy()
    if (move.instead !== undefined)
      return void response
        .writeHead(move.instead.status, { 'content-type': 'application/json', ...move.instead.headers })
        .end(move.instead.body ?? '')
    if (held !== undefined) held.grant.alive = false
    response.writeHead(200).end()
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const presented = (request.headers.authorization ?? '').replace('Bearer ', '')
    const held = accessTokens.get(presented)
    const works = held !== undefined && Date.now() < held.endsAt
    note({
      kind: 'api',
      grantType: null,
      account: held?.grant.account ?? null,
      index: held?.index ?? null,
      outcome: works ? 'served' : 'refused',
      outstanding: 1,
    })
    if (!works) return void response.writeHead(401, { 'content-type': 'application/json' }).end('{}')
    if (url.pathname === '/api/down')
      return pour(response, Number(url.searchParams.get('bytes')), bytes => {
        poured += bytes
      })
    if (url.pathname === '/api/up') {
      let bytes = 0
      for await (const chunk of request) {
        bytes += (chunk as Buffer).length
        received += (chunk as Buffer).length
      }
      return void response.end(JSON.stringify({ account: held.grant.account, bytes }))
    }
    request.resume()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ account: held.grant.account, index: held.index }))
  }

  const provider: FaultProvider = {
    url: '',
    saw,
    issued,
    sockets: () => sockets,
    poured: () => poured,
    received: () => received,
    script(account, script) {
      scripts.set(account, { ...scriptOf(account), ...script })
    },
    onRevoke: () => undefined,
    authorize: () => ({ account: 'somebody' }),
    dateOffsetMs: 0,
    grant(account) {
      const grant = newGrant(account)
      return { accessToken: issueAccess(grant), refreshToken: issueRefresh(grant) }
    },
    newest(account) {
      const refreshToken = newestOf.get(account)
      const held = refreshToken === undefined ? undefined : refreshTokens.get(refreshToken)
      return refreshToken !== undefined && held?.grant.alive ? { refreshToken, index: held.index } : undefined
    },
    isNewest(refreshToken) {
      const grant = refreshTokens.get(refreshToken)?.grant
      return grant?.alive === true && grant.current === refreshToken
    },
    killAccess(account) {
      for (const [token, { grant }] of accessTokens) if (grant.account === account) accessTokens.delete(token)
    },
    refreshes: account => refreshesOf.get(account) ?? [],
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  issued.add(clientSecret)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(provider, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const CHUNK = Buffer.alloc(65_536, 'x')

async function pour(response: ServerResponse, bytes: number, wrote: (bytes: number) => void): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/octet-stream' })
  for (let left = bytes; left > 0 && !response.destroyed; left -= CHUNK.length) {
    const chunk = left >= CHUNK.length ? CHUNK : CHUNK.subarray(0, left)
    wrote(chunk.length)
    if (!response.write(chunk))
      await new Promise<void>(resolve => {
        const go = () => {
          response.off('drain', go).off('close', go)
          resolve()
        }
        response.on('drain', go).on('close', go)
      })
  }
  response.end()
}
