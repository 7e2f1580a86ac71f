import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import {
  AuthorizationServer,
  DateInterval,
  generateRandomToken,
  type OAuthAuthCode,
  type OAuthClient,
  type OAuthScope,
  type OAuthToken,
  type OAuthUser,
} from '@jmondi/oauth2-server'
import { handleVanillaError, requestFromVanilla, responseToVanilla } from '@jmondi/oauth2-server/vanilla'
import { OAuth2Server } from 'oauth2-mock-server'
import { provideProgram } from '../../../../test/support/installed.ts'

/** An authorization server that others wrote, with an API behind it, and what it was asked. */
export type ForeignServer = AsyncDisposable & {
  readonly issuer: string | null
  /** Null where discovery tells them. */
  readonly authorizationUrl: string | null
  readonly tokenUrl: string | null
  readonly revokeUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: readonly string[]
  readonly grants: readonly string[]
  readonly revoked: readonly string[]
  /** Whether the server would take no token any more. */
  allEnded(): boolean | Promise<boolean>
}

type Handler = (request: Request) => Promise<Response>

async function serve(handle: Handler): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const response = await handle(await toRequest(incoming)).catch(() => new Response(null, { status: 500 }))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  // A socket that is closed as it is used again fails a request that nobody made to fail.
  server.keepAliveTimeout = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers,
    ...body,
  })
}

const bearerOf = (request: Request): string => (request.headers.get('authorization') ?? '').replace(/^Bearer /, '')
const json = (value: unknown, status = 200): Response => Response.json(value, { status })

/** `oauth2-mock-server`: OpenID Connect with discovery and JWT access tokens; everyone consents at once. */
export async function startMockServer(): Promise<ForeignServer> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  const { port } = server.address()
  const url = `http://127.0.0.1:${port}`
  server.issuer.url = url
  const [grants, revoked]: [string[], string[]] = [[], []]
  const ended = new Set<string>()
  let newest = ''
  server.service.on('beforeResponse', ({ body }, request) => {
    newest = String((body as { access_token?: string }).access_token)
    grants.push(String((request as { body?: { grant_type?: string } }).body?.grant_type))
  })
  const arriving: Promise<void>[] = []
  // It answers without reading what is to be revoked, and the API behind it is ours: so the API ends what it was told.
  server.service.on('beforeRevoke', (_, request) => {
    arriving.push(
      text(request as IncomingMessage).then(body => {
        const token = new URLSearchParams(body).get('token') ?? ''
        revoked.push(token)
        ended.add(token)
      }),
    )
  })
  const taken = new Set<string>()
  const api = await serve(async request => {
    const token = bearerOf(request)
    if (token === '' || ended.has(token)) return json({ error: 'invalid_token' }, 401)
    taken.add(token)
    return json({ hello: 'from the API', calls: taken.size })
  })
  return {
    issuer: url,
    authorizationUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    revokeUrl: `${url}/revoke`,
    apiUrl: api.url,
    clientId: 'behalf',
    clientSecret: 'a secret that it does not check',
    scope: ['openid', 'offline_access'],
    grants,
    revoked,
    async allEnded() {
      await Promise.all(arriving)
      return ended.has(newest)
    },
    async [Symbol.asyncDispose]() {
      await api.stop()
      await server.stop()
    },
  }
}

/** `@jmondi/oauth2-server`: strict about PKCE, redirect URIs and client authentication, rotates refresh tokens, RFC 7009 with client authentication. */
export async function startStrictServer(redirectUri: string): Promise<ForeignServer> {
  const clientSecret = randomBytes(24).toString('base64url')
  const scopes: OAuthScope[] = [{ name: 'contacts.read' }]
  const client: OAuthClient = {
    id: 'behalf',
    name: 'Behalf',
    secret: clientSecret,
    redirectUris: [redirectUri],
    allowedGrants: ['authorization_code', 'refresh_token'],
    scopes,
  }
  const user: OAuthUser = { id: 'una' }
  const codes = new Map<string, OAuthAuthCode & { used?: boolean }>()
  const tokens = new Map<string, OAuthToken>()
  const [grants, revoked]: [string[], string[]] = [[], []]
  const found = async <Value>(value: Value | undefined): Promise<Value> => value ?? Promise.reject(new Error('unknown'))
  const end = (token: OAuthToken) => {
    token.accessTokenExpiresAt = new Date(0)
    token.refreshTokenExpiresAt = new Date(0)
  }
  const repository = {
    getByIdentifier: async () => client,
    isClientValid: async (_grant: string, _client: OAuthClient, secret?: string) => secret === clientSecret,
  }
  const tokenRepository = {
    issueToken: async (of: OAuthClient, granted: OAuthScope[], by?: OAuthUser | null): Promise<OAuthToken> => ({
      accessToken: generateRandomToken(),
      accessTokenExpiresAt: new DateInterval('1h').getEndDate(),
      client: of,
      user: by ?? null,
      scopes: granted,
    }),
    async issueRefreshToken(token: OAuthToken): Promise<OAuthToken> {
      token.refreshToken = generateRandomToken()
      token.refreshTokenExpiresAt = new DateInterval('2h').getEndDate()
      return token
    },
    async persist(token: OAuthToken) {
      tokens.set(token.accessToken, token)
    },
    async revoke(token: OAuthToken) {
      end(token)
    },
    isRefreshTokenRevoked: async (token: OAuthToken) => (token.refreshTokenExpiresAt?.getTime() ?? 0) < Date.now(),
    getByRefreshToken: async (text: string) => found([...tokens.values()].find(token => token.refreshToken === text)),
    getByAccessToken: async (text: string) => found(tokens.get(text)),
  }
  const authorization = new AuthorizationServer(
    repository,
    tokenRepository,
    {
      getAllByIdentifiers: async (names: string[]) => scopes.filter(({ name }) => names.includes(name)),
      finalize: async (granted: OAuthScope[]) => granted,
    },
    randomBytes(32).toString('hex'),
    { useOpaqueRefreshTokens: true },
  )
  authorization.enableGrantTypes(
    {
      grant: 'authorization_code',
      userRepository: { getUserByCredentials: async () => user },
      authCodeRepository: {
        getByIdentifier: async code => found(codes.get(code)),
        issueAuthCode: (of, by, granted) => ({
          code: generateRandomToken(),
          client: of,
          user: by ?? null,
          scopes: granted,
          expiresAt: new DateInterval('10m').getEndDate(),
        }),
        async persist(code) {
          codes.set(code.code, code)
        },
        isRevoked: async code => codes.get(code)?.used === true,
        async revoke(code) {
          const known = codes.get(code)
          if (known !== undefined) known.used = true
        },
      },
    },
    'refresh_token',
  )
  const { url, stop } = await serve(async request => {
    const { pathname } = new URL(request.url)
    if (pathname === '/api/me') {
      const known = [...tokens.values()].find(
        token => bearerOf(request).includes(token.accessToken) || jwtIdOf(bearerOf(request)) === token.accessToken,
      )
      if (known === undefined || known.accessTokenExpiresAt.getTime() < Date.now())
        return json({ error: 'invalid_token' }, 401)
      return json({ hello: 'from the API' })
    }
    try {
      if (pathname === '/authorize') {
        const asked = await authorization.validateAuthorizationRequest(await requestFromVanilla(request))
        return responseToVanilla(
          await authorization.completeAuthorizationRequest({ ...asked, user, isAuthorizationApproved: true }),
        )
      }
      const body = new URLSearchParams(await request.clone().text())
      if (pathname === '/revoke') {
        revoked.push(body.get('token') ?? '')
        return responseToVanilla(await authorization.revoke(await requestFromVanilla(request)))
      }
      grants.push(body.get('grant_type') ?? '')
      return responseToVanilla(await authorization.respondToAccessTokenRequest(await requestFromVanilla(request)))
    } catch (error) {
      return responseToVanilla(handleVanillaError(error))
    }
  })
  return {
    issuer: null,
    authorizationUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    revokeUrl: `${url}/revoke`,
    apiUrl: `${url}/api`,
    clientId: client.id,
    clientSecret,
    scope: ['contacts.read'],
    grants,
    revoked,
    allEnded: () => [...tokens.values()].every(token => token.accessTokenExpiresAt.getTime() < Date.now()),
    [Symbol.asyncDispose]: stop,
  }
}

const DJANGO = '/usr/lib/python3/dist-packages/oauth2_provider/__init__.py'

/**
 * `django-oauth-toolkit` of Debian: OpenID Connect with discovery behind a redirect to a trailing slash, rotating refresh tokens, and RFC 7009. It
 * runs in a process of its own, which ends with ours.
 */
export async function startDjangoServer(redirectUri: string): Promise<ForeignServer> {
  provideProgram(DJANGO, 'python3-django-oauth-toolkit')
  const clientSecret = randomBytes(24).toString('base64url')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const given = {
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    secret_key: randomBytes(24).toString('base64url'),
    client_secret: clientSecret,
    redirect_uri: redirectUri,
  }
  const program = join(import.meta.dirname, 'django_oauth_server.py')
  // Debian's own Python: another one on the path would not find Debian's packages.
  const server = spawn('/usr/bin/python3', [program, JSON.stringify(given)], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  server.stderr.on('data', chunk => {
    said += String(chunk)
  })
  const exited = new Promise<void>(resolve => void server.once('exit', () => resolve()))
  const [grants, revoked]: [string[], string[]] = [[], []]
  const port = await new Promise<number>((resolve, reject) => {
    void exited.then(() => reject(new Error(`django-oauth-toolkit ended: ${said.slice(-2_000)}`)))
    createInterface({ input: server.stdout }).on('line', line => {
      const told = JSON.parse(line) as { port?: number; path: string; grant: string | null; token: string | null }
      if (told.port !== undefined) resolve(told.port)
      else if (told.path === '/o/token/') grants.push(String(told.grant))
      else revoked.push(String(told.token))
    })
  })
  const url = `http://127.0.0.1:${port}`
  return {
    issuer: `${url}/o`,
    authorizationUrl: null,
    tokenUrl: null,
    revokeUrl: `${url}/o/revoke_token/`,
    apiUrl: `${url}/api`,
    clientId: 'behalf',
    clientSecret,
    scope: ['openid', 'contacts.read'],
    grants,
    revoked,
    async allEnded() {
      const { alive } = (await (await fetch(`${url}/alive`)).json()) as { alive: number }
      return alive === 0
    },
    async [Symbol.asyncDispose]() {
      server.stdin.end()
      await exited
    },
  }
}

/** The `jti` of a JWT; empty for any other text. */
function jwtIdOf(token: string): string {
  const [, payload] = token.split('.')
  if (payload === undefined) return ''
  return String((JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { jti?: unknown }).jti)
}
