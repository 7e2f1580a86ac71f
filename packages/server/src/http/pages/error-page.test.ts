import assert from 'node:assert/strict'
import { it } from 'node:test'
import { PROBLEMS } from '@behalf/contract'
import { errorPage } from './error-page.ts'
import { bareFrame } from './layout.ts'

const pageOf = async (code: string, here = '/history', connect_url?: string) => {
  const [status = 500, title = ''] = Object.entries(PROBLEMS).find(([known]) => known === code)?.[1] ?? []
  const begun = connect_url === undefined ? {} : { connect_url }
  return String(await errorPage(bareFrame, { type: '', title, status, code, request_id: 'req_1', ...begun }, here))
}
const nextOf = (page: string) => [...page.matchAll(/<a class="button big" href="([^"]+)"/g)].map(([, href]) => href)

it('gives every problem one heading, one thing to do next, and what the IT team asks for', async () => {
  for (const code of Object.keys(PROBLEMS)) {
    const page = await pageOf(code)
    assert.equal(page.match(/<h1>[^<]+<\/h1>/g)?.length, 1, code)
    assert.equal(nextOf(page).length, 1, code)
    assert.ok(page.includes(`<code>${code}</code>, <code>req_1</code>`), code)
  }
})

it('says that we will be back where we are stopping or lack the database or the keys, and tries the same page again', async () => {
  for (const code of ['shutting_down', 'store_unavailable', 'vault_unavailable']) {
    const page = await pageOf(code)
    assert.match(page, /<h1>We will be back in a moment<\/h1>/)
    assert.deepEqual(nextOf(page), ['/history'])
  }
})

it('leads back to where one was after signing in again', async () => {
  assert.deepEqual(nextOf(await pageOf('session_expired', '/history?system=a&cursor=b')), [
    '/auth/login?return_to=%2Fhistory%3Fsystem%3Da%26cursor%3Db',
  ])
})

it('leads back to the system whose connect was begun elsewhere or outlived its sign-in', async () => {
  const begun = 'https://acme.example/connectors/orbit/connect'
  assert.deepEqual(nextOf(await pageOf('wrong_browser', '/connections', begun)), ['/connectors/orbit/connect'])
  assert.deepEqual(nextOf(await pageOf('session_expired', '/connections', begun)), [
    '/auth/login?return_to=%2Fconnectors%2Forbit%2Fconnect',
  ])
  assert.deepEqual(nextOf(await pageOf('authorization_request_used', '/connections', begun)), ['/connections'])
})

it('leads who is not meant over signing out back to what was meant for another', async () => {
  assert.deepEqual(nextOf(await pageOf('wrong_person', '/connect/abc')), ['/auth/logout?return_to=%2Fconnect%2Fabc'])
  assert.deepEqual(nextOf(await pageOf('wrong_person', '/connections')), ['/auth/logout'])
})
