import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { it, mock } from 'node:test'
import { createBrowser } from '../support/browser.ts'
import { startTestBroker } from '../support/test-broker.ts'

const STUDIO_PAGE = /\/studio\/dist\/index\.html$/

const { statSync, readFileSync } = fs
const isPage = (path: unknown) => STUDIO_PAGE.test(String(path))

/** Pretends that this is the built page on disk; undefined where none is built. */
function pretendBuilt(page: string | undefined): void {
  mock.restoreAll()
  mock.method(fs, 'statSync', (path: fs.PathLike, options?: fs.StatSyncOptions) => {
    if (!isPage(path)) return statSync(path, options)
    if (page === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    return { mtimeMs: page.length }
  })
  mock.method(fs, 'readFileSync', (path: fs.PathLike, options?: BufferEncoding) => {
    if (isPage(path)) return Buffer.from(page ?? '')
    return options === undefined ? readFileSync(path) : readFileSync(path, options)
  })
  syncBuiltinESMExports()
}

it('says that the studio is being built while it is, asks the browser to look again, and shows it as soon as it is there', async () => {
  await using broker = await startTestBroker()
  const person = broker.people[0] ?? assert.fail()
  const browser = createBrowser()
  await browser.signIn(broker.url, person)
  const { body } = await broker.api(`/people?q=${encodeURIComponent(person.email)}`)
  const [{ id }] = body['items'] as [{ id: string }]
  await broker.api(`/people/${id}/roles`, { method: 'PUT', body: { roles: ['developer'] } })
  pretendBuilt(undefined)
  const waiting = await browser.visit(`${broker.url}/studio/connectors`)
  assert.deepEqual([waiting.status, waiting.headers.get('refresh')], [503, '2'])
  assert.match(await waiting.text(), /The studio is being built/)
  // Nothing else waits for it.
  assert.equal((await browser.visit(`${broker.url}/connections`)).status, 200)
  pretendBuilt('<script nonce="{{nonce}}"></script>')
  const built = await browser.visit(`${broker.url}/studio/connectors`)
  assert.equal(built.status, 200)
  const nonce = /nonce-([\w-]+)'/.exec(built.headers.get('content-security-policy') ?? '')?.[1]
  assert.equal(await built.text(), `<script nonce="${nonce}"></script>`)
  pretendBuilt('<p>a later build</p>')
  assert.equal(await (await browser.visit(`${broker.url}/studio/connectors`)).text(), '<p>a later build</p>')
})
