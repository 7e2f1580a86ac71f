import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { rolesFromClaims } from '../../src/domain/person.ts'
import { connect, createBrowser } from '../support/browser.ts'
import { startTestBroker } from '../support/test-broker.ts'

describe('C and H: identity, roles and what lies on disk', () => {
  it('C-07 knows people by issuer and sub: a changed e-mail gives nobody somebody else’s connections', async () => {
    await using broker = await startTestBroker()
    const [una, dev] = broker.people
    assert.ok(una && dev)
    await connect(broker, una)
    const thief = createBrowser()
    await thief.signIn(broker.url, dev)
    await broker.database.run(`UPDATE people SET email = '${una.email}', version = version + 1 WHERE sub = 'dev'`)
    const page = await (await thief.visit(`${broker.url}/connections`)).text()
    assert.ok(!page.includes('Connected as'), 'no connection of another person is shown')
    assert.equal(
      ((await (await broker.gateway('me')).json()) as { code: string }).code,
      'subject_ambiguous',
      'and a shared e-mail names nobody',
    )
  })

  it('C-10 gives the least role for a missing, odd, nested or padded claim, never admin', () => {
    const mapping = { claim: 'groups', values: { admin: ['it-admins'], auditor: ['audit'] } } as const
    const odd: Record<string, unknown>[] = [
      {},
      { groups: null },
      { groups: 1 },
      { groups: true },
      { groups: { it: 'it-admins' } },
      { groups: [['it-admins']] },
      { groups: ['it-admins '] },
      { groups: ['IT-ADMINS'] },
      { groups: 'it-admins,x' },
      { groups: [{ name: 'it-admins' }] },
      { Groups: ['it-admins'] },
      Object.create({ groups: ['it-admins'] }),
    ]
    for (const claims of odd) assert.deepEqual(rolesFromClaims(mapping, claims), [], JSON.stringify(claims))
    assert.deepEqual(rolesFromClaims(mapping, { groups: ['audit', 'it-admins'] }), ['auditor', 'admin'])
    assert.deepEqual(rolesFromClaims(mapping, { groups: 'audit' }), ['auditor'])
    assert.deepEqual(rolesFromClaims(null, { groups: ['it-admins'] }), [])
  })

  it('maps roles from a claim at sign-in, and takes them away at the next', async () => {
    await using broker = await startTestBroker()
    const ada = broker.people.find(({ role }) => role === 'admin') ?? assert.fail()
    const organization = await broker.api('/organization')
    const map = (values: object, version: unknown) =>
      broker.api('/organization', {
        method: 'PATCH',
        body: { role_mapping: { claim: 'groups', values } },
        headers: { 'if-match': `"${version}"` },
      })
    const mapped = await map({ auditor: ['it-admins'] }, organization.body['version'])
    const roles = async () => {
      await createBrowser().signIn(broker.url, ada)
      return (await broker.api('/people')).body.items?.find(item => item['email'] === ada.email)?.['roles']
    }
    const given = await roles()
    await map({ auditor: ['nobody'] }, mapped.body['version'])
    assert.deepEqual([given, await roles()], [['auditor'], []])
  })

  it('H-01, I-04 keeps cookies, states, verifiers and tokens off the disk and out of the log, in every encoding', async () => {
    await using broker = await startTestBroker()
    const [una] = broker.people
    assert.ok(una)
    const browser = createBrowser()
    await browser.signIn(broker.url, una)
    const begun = new URL(await browser.begin(broker.url, 'orbit'))
    const callback = new URL(await browser.consent(begun.href, una))
    await browser.visit(callback.href)
    await broker.gateway('me')
    const { body } = await broker.api('/plugins/assistant')
    await broker.api('/plugins/assistant', {
      method: 'PATCH',
      body: { token_release: ['orbit'] },
      headers: { 'if-match': `"${body['version']}"` },
    })
    const exchange = (type: string) =>
      fetch(`${broker.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': una.email },
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          resource: `${broker.url}/gateway/orbit`,
          requested_token_type: `urn:ietf:params:oauth:token-type:${type}`,
        }),
      }).then(async answer => String(((await answer.json()) as Record<string, unknown>)['access_token']))
    const secrets = [
      await exchange('access_token'),
      await exchange('jwt'),
      callback.searchParams.get('code') ?? '',
      begun.searchParams.get('state') ?? '',
      ...browser.cookies(broker.url).values(),
    ]
    const pages = [
      await (await browser.visit(`${broker.url}/connections`)).text(),
      JSON.stringify((await broker.api('/connections')).body),
      JSON.stringify((await broker.api('/audit-events')).body),
    ]
    const files = readdirSync(broker.dataDir, { recursive: true, withFileTypes: true }).filter(
      entry => entry.isFile() && entry.name !== 'root.key',
    )
    const texts = [
      ...files.map(entry => readFileSync(join(entry.parentPath, entry.name))),
      ...[...broker.log, ...pages].map(text => Buffer.from(text)),
    ]
    for (const value of secrets) {
      assert.ok(value.length > 20, 'a secret to look for')
      const forms = [
        value,
        Buffer.from(value).toString('base64').replace(/=+$/, ''),
        Buffer.from(value).toString('hex'),
        encodeURIComponent(value),
      ]
      for (const form of forms)
        assert.ok(
          texts.every(text => !text.includes(form)),
          'a secret was found',
        )
    }
  })
})
