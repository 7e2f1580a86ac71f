import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { samplePeople, startProvider, startSso } from '../src/index.ts'

const REDIRECT_URI = 'http://localhost:9/callback'
const CLIENT = { clientId: 'behalf', clientSecret: 'client-secret-for-tests', redirectUris: [REDIRECT_URI] }
const SCOPE = 'openid offline_access email contacts.read contacts.write'
const people = samplePeople(() => randomBytes(12).toString('base64url'))
const una = people[0] ?? assert.fail('there is no sample person')

type Form = Record<string, string> | [string, string][]
type Tokens = { access_token: string; refresh_token?: string; id_token: string; scope: string; error?: string }

/** A browser of the plainest kind: follows redirects by hand and keeps cookies by name and path. */
function createBrowser() {
  const cookies = new Map<string, { name: string; value: string; path: string }>()
  const visit = async (url: string, form?: Form): Promise<{ url: URL; response: Response }> => {
    const target = new URL(url)
    const mine = [...cookies.values()].filter(cookie => target.pathname.startsWith(cookie.path))
    const response = await fetch(target, {
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        connection: 'close',
        cookie: mine.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /; *path=([^;]+)/i.exec(line)?.[1] ?? '/'
      cookies.set(`${name} ${path}`, { name, value, path })
    }
    const location = response.headers.get('location')
    if (location === null) return { url: target, response }
    const next = new URL(location, target)
    return next.href.startsWith(REDIRECT_URI) ? { url: next, response } : visit(next.href)
  }
  return { visit, cookieNames: () => [...cookies.values()].map(({ name }) => name) }
}

function authorization(issuer: string, parameters: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL('/auth', issuer)
  url.search = new URLSearchParams({
    client_id: CLIENT.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    prompt: 'consent',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  }).toString()
  return { url: url.href, verifier }
}

async function post(url: string, form: Form): Promise<{ status: number; body: Tokens }> {
  const authorization = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`
  // No kept connection: one to a stopped server would be used again for the next server on the same port.
  const headers = { authorization, connection: 'close' }
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Tokens }
}

async function signIn(browser: ReturnType<typeof createBrowser>, url: string, email: string, password: string) {
  const page = await browser.visit(url)
  return browser.visit(`${page.url.href}/login`, { email, password })
}

async function redeem(issuer: string, callback: URL, verifier: string): Promise<Tokens> {
  const code = callback.searchParams.get('code') ?? assert.fail(`no code in ${callback.search}`)
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier }
  const { status, body } = await post(`${issuer}/token`, form)
  assert.equal(status, 200, JSON.stringify(body.error))
  return body
}

async function connect(issuer: string, allowed: readonly string[] = SCOPE.split(' ')): Promise<Tokens> {
  const browser = createBrowser()
  const { url, verifier } = authorization(issuer)
  const consent = await signIn(browser, url, una.email, una.password)
  const ticked = allowed.map((scope): [string, string] => ['scope', scope])
  const done = await browser.visit(`${consent.url.href}/consent`, [['answer', 'allow'], ...ticked])
  assert.equal(done.url.searchParams.get('iss'), issuer)
  assert.equal(done.url.searchParams.get('state'), 'the-state')
  return redeem(issuer, done.url, verifier)
}

const refresh = (issuer: string, token = '') =>
  post(`${issuer}/token`, { grant_type: 'refresh_token', refresh_token: token })
const api = (url: string, token: string, init: RequestInit = {}) =>
  fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } })
const startOrbit = (dataDir?: string, port = 0) => startProvider({ port, people, clients: [CLIENT], dataDir })

for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const) {
  test(`the SSO signs a person in without asking for consent, with an ID token signed ${alg}`, async () => {
    const client = { ...CLIENT, postLogoutRedirectUris: [], idTokenSignedResponseAlg: alg }
    await using sso = await startSso({ port: 0, people, clients: [client] })
    const scope = 'openid email profile'
    const { url, verifier } = authorization(sso.url, { scope, prompt: 'login', nonce: 'the-nonce' })
    const done = await signIn(createBrowser(), url, una.email, una.password)
    const { id_token: idToken } = await redeem(sso.url, done.url, verifier)
    const [header, claims] = idToken
      .split('.')
      .slice(0, 2)
      .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))
    assert.equal(header.alg, alg)
    const { iss, sub, email, email_verified, name, groups, department, nonce } = claims
    assert.deepEqual(
      { iss, sub, email, email_verified, name, groups, department, nonce },
      {
        iss: sso.url,
        sub: una.sub,
        email: una.email,
        email_verified: true,
        name: una.name,
        groups: una.groups,
        department: una.department,
        nonce: 'the-nonce',
      },
    )
  })
}

test('a connected person is served by the API under the e-mail the third party knows', async () => {
  await using orbit = await startOrbit()
  const tokens = await connect(orbit.url)
  const response = await api(`${orbit.apiUrl}/me`, tokens.access_token)
  assert.equal(response.status, 200)
  const me = (await response.json()) as { email: string; scopes: string[] }
  assert.equal(me.email, 'una@orbit.example')
  assert.deepEqual(me.scopes.sort(), SCOPE.split(' ').sort())
})

test('an API call without a valid token is challenged', async () => {
  await using orbit = await startOrbit()
  const response = await api(`${orbit.apiUrl}/me`, 'not-a-token')
  assert.equal(response.status, 401)
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer /)
})

test('a wrong password is told plainly and signs nobody in', async () => {
  await using orbit = await startOrbit()
  const { response } = await signIn(createBrowser(), authorization(orbit.url).url, una.email, 'wrong')
  assert.ok([400, 401].includes(response.status), String(response.status))
  assert.match(await response.text(), /role="alert"/)
})

test('cancelling the consent brings access_denied back to the client', async () => {
  await using orbit = await startOrbit()
  const browser = createBrowser()
  const consent = await signIn(browser, authorization(orbit.url).url, una.email, una.password)
  const done = await browser.visit(`${consent.url.href}/consent`, { answer: 'cancel' })
  assert.equal(done.url.searchParams.get('error'), 'access_denied')
  assert.equal(done.url.searchParams.get('iss'), orbit.url)
})

test('a person who unticks scopes grants fewer, and no refresh token without offline_access', async () => {
  await using orbit = await startOrbit()
  const tokens = await connect(orbit.url, ['openid', 'contacts.read'])
  assert.deepEqual(tokens.scope.split(' ').sort(), ['contacts.read', 'openid'])
  assert.equal(tokens.refresh_token, undefined)
  const refused = await api(`${orbit.apiUrl}/contacts`, tokens.access_token, { method: 'POST', body: '{}' })
  assert.equal(refused.status, 403)
})

test('a refresh rotates the refresh token, and a second use of the old one ends the family', async () => {
  await using orbit = await startOrbit()
  const first = await connect(orbit.url)
  const second = await refresh(orbit.url, first.refresh_token)
  assert.equal(second.status, 200)
  assert.notEqual(second.body.refresh_token, first.refresh_token)
  const reused = await refresh(orbit.url, first.refresh_token)
  assert.equal(reused.body.error, 'invalid_grant')
  assert.equal((await refresh(orbit.url, second.body.refresh_token)).body.error, 'invalid_grant')
  assert.equal((await api(`${orbit.apiUrl}/me`, second.body.access_token)).status, 401)
})

test('of two refreshes at once with one token at most one succeeds', async () => {
  await using orbit = await startOrbit()
  const { refresh_token: token } = await connect(orbit.url)
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(orbit.url, token)))
  const served = answers.filter(({ status }) => status === 200).length
  assert.ok(served <= 1, `${served} refreshes of one refresh token succeeded`)
})

test('revoking the refresh token ends the access token with it', async () => {
  await using orbit = await startOrbit()
  const tokens = await connect(orbit.url)
  const revoked = await post(`${orbit.url}/token/revocation`, { token: tokens.refresh_token ?? '' })
  assert.equal(revoked.status, 200)
  assert.equal((await refresh(orbit.url, tokens.refresh_token)).body.error, 'invalid_grant')
  assert.equal((await api(`${orbit.apiUrl}/me`, tokens.access_token)).status, 401)
})

test('a second start on the same folder honours the refresh tokens of the first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'))
  try {
    const tokens = await (async () => {
      await using orbit = await startOrbit(folder)
      return { port: Number(new URL(orbit.url).port), ...(await connect(orbit.url)) }
    })()
    await using again = await startOrbit(folder, tokens.port)
    assert.equal((await refresh(again.url, tokens.refresh_token)).status, 200)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the two servers name their cookies differently', async () => {
  await using sso = await startSso({ port: 0, people, clients: [{ ...CLIENT, postLogoutRedirectUris: [] }] })
  await using orbit = await startOrbit()
  const [atSso, atOrbit] = [createBrowser(), createBrowser()]
  await signIn(atSso, authorization(sso.url, { scope: 'openid', prompt: 'login' }).url, una.email, una.password)
  await signIn(atOrbit, authorization(orbit.url).url, una.email, una.password)
  assert.ok(atSso.cookieNames().length > 0 && atOrbit.cookieNames().length > 0)
  assert.deepEqual(
    atSso.cookieNames().filter(name => atOrbit.cookieNames().includes(name)),
    [],
  )
})

test('the log counts token, revocation and API requests and holds no token', async () => {
  await using orbit = await startOrbit()
  const tokens = await connect(orbit.url)
  await refresh(orbit.url, tokens.refresh_token)
  await api(`${orbit.apiUrl}/me`, tokens.access_token)
  await post(`${orbit.url}/token/revocation`, { token: tokens.access_token })
  const requests = orbit.requests()
  assert.deepEqual(
    requests.map(({ number }) => number),
    [1, 2, 3, 4],
  )
  assert.deepEqual(
    requests.map(({ path, grantType }) => [path, grantType]),
    [
      ['/token', 'authorization_code'],
      ['/token', 'refresh_token'],
      ['/api/me', null],
      ['/token/revocation', null],
    ],
  )
  for (const token of [tokens.access_token, tokens.refresh_token ?? assert.fail('no refresh token')]) {
    assert.ok(!JSON.stringify(requests).includes(token))
  }
})
