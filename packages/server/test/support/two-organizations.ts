import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallId, OrgId, Role, SessionId, SubjectId } from '@behalf/contract'
import { freePorts } from '../../../../test/support/ports.ts'
import { readConfig, reveal, secret } from '../../src/config/config.ts'
import type { CallFacts } from '../../src/domain/call-entry.ts'
import { redactStrictly } from '../../src/domain/redaction/redact-call.ts'
import { NOTHING_KNOWN } from '../../src/domain/roster.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import { createCsrfToken } from '../../src/flows/login/csrf-token.ts'
import { openDesk, start } from '../../src/main.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import { openStore } from '../../src/store/store.ts'
import { createVault } from '../../src/vault/vault.ts'

export type Answered = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly body: Record<string, unknown> & { items?: Record<string, unknown>[] }
}
export type Visitor = {
  readonly subject: SubjectId
  readonly session: SessionId
  readonly headers: Record<string, string>
}

/** Two organizations of one broker, each with an admin's key, people who are signed in, and an entry in its call logs; in this process. */
export type TwoOrganizations = AsyncDisposable & {
  readonly port: number
  readonly log: readonly string[]
  key(org: string): Record<string, string>
  person(org: string, role: Role | 'nobody'): Visitor
  callOf(org: string): CallId
  send(
    org: string,
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Answered>
}

const ROLES = ['developer', 'log_viewer', 'auditor', 'admin', 'nobody'] as const
const [clock, entropy] = [systemClock, createEntropy(systemClock)]

export async function startTwoOrganizations(orgs: readonly [string, string]): Promise<TwoOrganizations> {
  const [port = 0] = await freePorts(1)
  const dataDir = mkdtempSync(join(tmpdir(), 'behalf-two-'))
  const rootKey = randomBytes(32).toString('base64')
  const config = readConfig({
    BEHALF_URL: `http://{org}.localhost:${port}`,
    BEHALF_LISTEN: `127.0.0.1:${port}`,
    BEHALF_METRICS_LISTEN: 'off',
    BEHALF_DATA: dataDir,
    BEHALF_ROOT_KEY: rootKey,
    BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128',
  })
  const keys = new Map<string, string>()
  const people = new Map<string, Visitor>()
  const calls = new Map<string, CallId>()
  for (const slug of orgs) {
    await using desk = await openDesk(config)
    const sso = { ssoIssuer: 'http://localhost:1', ssoClientId: 'x', ssoClientSecret: secret('s'.repeat(20)) }
    keys.set(slug, reveal((await desk.createOrganization({ slug, name: slug, ...sso })).apiKey))
  }
  await seed()
  const log: string[] = []
  const broker = await start(config, { logTo: { write: line => void log.push(line) } })

  async function seed(): Promise<void> {
    await using store = await openStore({ dataDir })
    const vault = createVault({ rootKeys: [secret(rootKey)], dataKeys: store.dataKeys })
    for (const organization of await store.organizations.all()) {
      const { id: orgId, slug } = organization
      for (const role of ROLES) {
        const subject = entropy.newId<SubjectId>('sub')
        const now = clock.now()
        const person = await store.people.recordSignIn({
          id: subject,
          orgId,
          issuer: 'http://localhost:1',
          sub: `${slug}-${role}`,
          email: `${role}@same.example`,
          emailVerified: true,
          name: `${slug} ${role}`,
          status: 'active',
          grantedRoles: role === 'nobody' ? [] : [role],
          claimRoles: [],
          claims: NOTHING_KNOWN,
          imported: NOTHING_KNOWN,
          lastProofAt: now,
          createdAt: now,
          version: 1,
        })
        const token = entropy.randomToken(32)
        const session = entropy.newId<SessionId>('ses')
        const context = { organization, requestId: 'req', address: null }
        const audit = newAuditEvent({ clock, entropy }, context, 'system', 'sign_in.completed')
        const times = { createdAt: now, lastSeenAt: now, expiresAt: now + 3_600_000 }
        const row = { id: session, orgId, hash: entropy.sha256(token), subjectId: subject, userAgent: null, ...times }
        await store.sessions.create(row, null, audit)
        const csrf = await createCsrfToken({ vault })(context, {
          kind: 'session',
          sessionId: session,
          person,
          roles: [],
        })
        const headers = {
          cookie: `behalf_session=${token}`,
          'behalf-csrf': csrf,
          origin: `http://${slug}.localhost:${port}`,
          'sec-fetch-site': 'same-origin',
        }
        people.set(`${slug}/${role}`, { subject, session, headers })
      }
      const id = entropy.newId<CallId>('cal')
      calls.set(slug, id)
      store.callLog.append(redactStrictly(factsOf(orgId, slug, id)))
    }
  }

  const found = <Value>(map: ReadonlyMap<string, Value>, name: string): Value => {
    const value = map.get(name)
    if (value === undefined) throw new Error(`no ${name}`)
    return value
  }
  return {
    port,
    log,
    key: org => ({ authorization: `Bearer ${found(keys, org)}` }),
    person: (org, role) => found(people, `${org}/${role}`),
    callOf: org => found(calls, org),
    send(org, method, path, headers = {}, body) {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const sent = {
        host: `${org}.localhost:${port}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...headers,
      }
      return new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, method, path, headers: sent }, response => {
          let answer = ''
          response.on('data', chunk => (answer += String(chunk)))
          response.on('end', () => {
            const isJson =
              /json/.test(response.headers['content-type'] ?? '') &&
              answer !== '' &&
              !/ndjson/.test(response.headers['content-type'] ?? '')
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers as Record<string, string>,
              text: answer,
              body: isJson ? (JSON.parse(answer) as Answered['body']) : {},
            })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(text)
      })
    },
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const factsOf = (orgId: OrgId, slug: string, id: CallId): CallFacts => ({
  id,
  orgId,
  at: clock.now(),
  runId: null,
  plugin: `${slug}-plugin`,
  pluginVersion: 1,
  launchId: null,
  action: null,
  connector: `${slug}-crm`,
  subjectId: null,
  method: 'GET',
  pathTemplate: '/*',
  status: 200,
  answeredBy: 'provider',
  code: null,
  durationMs: 1,
  requestBytes: 0,
  responseBytes: 0,
  requestId: `req_${slug}`,
})
