import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { EmbeddedJWK, jwtVerify } from 'jose'
import { certificate } from '../support/certificate.ts'
import { type MutualTlsProvider, startMutualTlsProvider } from '../support/mutual-tls-provider.ts'
import { type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'
import type { SeenQuirk } from '../support/quirk-provider.ts'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const bound = (n: number) => ({
  body: { access_token: `at${n}`, refresh_token: `rt${n}`, token_type: 'DPoP', expires_in: 3600 },
})
const wantsNonce = (nonce: string, status: number) => ({
  status,
  headers: { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' },
  body: { error: 'use_dpop_nonce' },
})

describe('tokens that are bound to a key or a certificate, from consent to revocation', () => {
  const client = certificate('client.example')
  const trusted = getCACertificates('default')
  let rig: QuirkBroker
  let tls: MutualTlsProvider
  before(async () => {
    tls = await startMutualTlsProvider(new X509Certificate(client.cert).fingerprint256)
    setDefaultCACertificates([...trusted, tls.certificate])
    rig = await startQuirkBroker([
      {
        name: 'adp',
        behaviour: { endpoints: {} },
        definition: () => ({
          base_url: `${tls.url}/api`,
          auth: {
            authorization_url: `${tls.url}/auth`,
            token_url: `${tls.url}/token`,
            revoke_url: `${tls.url}/revoke`,
            client_authentication: 'tls_client_auth',
            client_secret: undefined,
            tls_client: { certificate: client.cert, at: ['token', 'api'] },
            secrets: { tls_client_key: client.key },
          },
        }),
      },
      {
        name: 'bound',
        behaviour: {
          endpoints: {
            'POST /token': [wantsNonce('as-1', 400), bound(1), wantsNonce('as-2', 400), bound(2)],
            'GET /api/me': [wantsNonce('api-1', 401), { body: {} }],
            'GET /api/health': [wantsNonce('api-2', 401), { body: {} }],
            'POST /revoke': {},
          },
        },
        definition: origin => ({
          health: { path: 'health' },
          auth: {
            dpop: { alg: 'ES256' },
            secrets: { private_key: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) },
            revoke_url: `${origin}/revoke`,
          },
        }),
      },
    ])
  })
  after(async () => {
    await rig[Symbol.asyncDispose]()
    await tls[Symbol.asyncDispose]()
    setDefaultCACertificates(trusted)
  })

  const proofOf = async ({ headers }: SeenQuirk) => {
    const { payload, protectedHeader } = await jwtVerify(String(headers['dpop']), EmbeddedJWK)
    assert.deepEqual([protectedHeader.typ, protectedHeader.alg], ['dpop+jwt', 'ES256'])
    return payload
  }

  /** The doctor's health call, with the person's own connection. */
  async function checkedHealth(name: string): Promise<readonly unknown[]> {
    const found = (await rig.check(name)).find(({ check }) => check === 'health')
    return [found?.outcome, found?.answered]
  }

  it('ADP: shows its certificate at the token endpoint, the API and the revocation, and sends no secret', async () => {
    await rig.connect('adp')
    assert.equal((await rig.connection('adp'))['status'], 'connected')
    assert.equal((await rig.call('adp')).status, 200)
    rig.broker.advance(3_700_000)
    assert.equal((await rig.call('adp')).status, 200)
    assert.equal((await rig.disconnect('adp'))['status'], 'revoked')
    assert.deepEqual(
      tls.seen.map(({ endpoint }) => endpoint),
      ['POST /token', 'GET /api/me', 'POST /token', 'GET /api/me', 'POST /revoke', 'POST /revoke'],
    )
    assert.deepEqual(
      tls.seen.filter(({ endpoint }) => endpoint === 'GET /api/me').map(({ authorization }) => authorization),
      ['Bearer at1', 'Bearer at2'],
    )
    const [exchange, , refresh, , ...revocations] = tls.seen.map(({ body }) => new URLSearchParams(body))
    assert.deepEqual([exchange?.get('client_id'), exchange?.has('client_secret')], ['cid', false])
    assert.deepEqual([refresh?.get('client_id'), refresh?.get('refresh_token')], ['cid', 'rt1'])
    assert.deepEqual(
      revocations.map(fields => [fields.get('token'), fields.get('client_id')]),
      [
        ['rt2', 'cid'],
        ['at2', 'cid'],
      ],
    )
    assert.ok(tls.seen.every(({ authorization }) => authorization === undefined || authorization.startsWith('Bearer ')))
  })

  it('proves each request anew, with the nonce that the token endpoint and the API each ask for', async () => {
    await rig.connect('bound')
    assert.equal((await rig.call('bound')).status, 200)
    assert.equal((await rig.call('bound')).status, 200)
    rig.broker.advance(3_700_000)
    assert.equal((await rig.call('bound')).status, 200)
    const exchanges = await Promise.all(rig.provider.seen('bound', 'POST /token').map(proofOf))
    assert.deepEqual(
      exchanges.map(({ htm, nonce }) => [htm, nonce]),
      [
        ['POST', undefined],
        ['POST', 'as-1'],
        ['POST', undefined],
        ['POST', 'as-2'],
      ],
    )
    const calls = rig.provider.seen('bound', 'GET /api/me')
    assert.deepEqual(
      calls.map(({ headers }) => headers.authorization),
      ['DPoP at1', 'DPoP at1', 'DPoP at1', 'DPoP at2'],
    )
    const proofs = await Promise.all(calls.map(proofOf))
    assert.deepEqual(
      proofs.map(({ nonce }) => nonce),
      [undefined, 'api-1', 'api-1', 'api-1'],
    )
    for (const [index, { htm, htu, ath }] of proofs.entries()) {
      assert.deepEqual([htm, htu], ['GET', `${rig.provider.origin('bound')}/api/me`])
      const token = index === 3 ? 'at2' : 'at1'
      assert.equal(ath, createHash('sha256').update(token).digest('base64url'))
    }
    assert.equal(new Set(proofs.map(({ jti }) => jti)).size, 4)
    assert.deepEqual(await checkedHealth('bound'), ['passed', 'HTTP 200'])
    const healthProofs = await Promise.all(rig.provider.seen('bound', 'GET /api/health').map(proofOf))
    assert.deepEqual(
      healthProofs.map(({ nonce }) => nonce),
      ['api-1', 'api-2'],
      'the doctor proves its health call too',
    )
    assert.equal((await rig.disconnect('bound'))['status'], 'revoked')
    assert.equal(rig.provider.seen('bound', 'POST /revoke').length, 2)
  })
})
