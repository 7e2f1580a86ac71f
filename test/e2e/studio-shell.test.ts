import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { buildStudio, STUDIO_DIST } from '../support/studio.ts'
import { type Visitor, visit } from '../support/studio-browser.ts'

const MOST_FIRST_LOAD = 300 * 1024

describe('the studio as a place', () => {
  let playground: StartedPlayground
  let browser: Browser
  let ada: Visitor
  before(async () => {
    buildStudio()
    playground = await startPlayground()
    browser = await launchChromium()
    ada = await visit(browser, playground, 'admin')
  })
  after(async () => {
    await browser?.close()
    await playground?.[Symbol.asyncDispose]()
  })

  it('does not exist for an end user, nor do its assets', async () => {
    await using una = await visit(browser, playground, 'end_user')
    const asset = globSync('assets/*.js', { cwd: STUDIO_DIST })[0] ?? assert.fail('nothing was built')
    for (const path of ['/studio/', '/studio/connectors', '/studio/nowhere', `/studio/${asset}`]) {
      const response = await una.page.goto(playground.file.url + path)
      assert.equal(response?.status(), 404, path)
    }
    await una.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  })

  it('asks a stranger to sign in, and leads on to the page that was asked for', async () => {
    await using stranger = await visit(browser, playground, undefined)
    await stranger.page.goto(`${playground.file.url}/studio/audit?action=sign_in.completed`)
    await stranger.page.getByLabel('Password').waitFor()
  })

  it('carries a policy without unsafe-inline, a nonce of its own on each load, and nothing that breaks it', async () => {
    const load = async () => {
      const response = await ada.page.goto(`${playground.file.url}/studio/`)
      await ada.page.getByRole('heading', { name: 'Home' }).waitFor()
      return response?.headers()['content-security-policy'] ?? ''
    }
    const [first, second] = [await load(), await load()]
    assert.doesNotMatch(first, /unsafe-inline|unsafe-eval|\*/)
    assert.match(first, /default-src 'none'.*style-src 'self' 'nonce-[\w-]{20,}'/)
    assert.notEqual(first, second)
    assert.deepEqual(ada.complaints, [])
  })

  it('loads at most 300 KB gzip at first, and the other pages when they are opened', async () => {
    await using visitor = await visit(browser, playground, 'admin')
    const loaded = new Set<string>()
    visitor.page.on('response', response => {
      const name = new URL(response.url()).pathname.split('/studio/assets/')[1]
      if (name !== undefined) loaded.add(name)
    })
    await visitor.open('/', 'Home')
    const size = [...loaded].reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(STUDIO_DIST, 'assets', name))).length,
      0,
    )
    assert.ok(loaded.size > 0 && size <= MOST_FIRST_LOAD, `${size} bytes`)
    const before = loaded.size
    await visitor.page.getByRole('link', { name: 'Audit', exact: true }).click()
    await visitor.page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
    assert.ok(loaded.size > before, 'a page brings its own code')
  })

  it('shows each role what it may do and nothing else', async () => {
    const { url, api_key: key, people } = playground.file
    await using dev = await visit(browser, playground, 'developer')
    const links = async () => {
      await dev.open('/', 'Home')
      return dev.page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()
    }
    assert.deepEqual((await links()).slice(0, 3), ['Home', 'Connectors', 'Plugins'])
    const email = people.find(({ role }) => role === 'developer')?.email
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const listed = (await (await fetch(`${url}/api/v1/people`, { headers })).json()) as {
      items: { id: string; email: string }[]
    }
    const id = listed.items.find(person => person.email === email)?.id
    const give = (roles: string[]) =>
      fetch(`${url}/api/v1/people/${id}/roles`, { method: 'PUT', headers, body: JSON.stringify({ roles }) })
    for (const [role, expected] of [
      ['log_viewer', ['Home', 'Logs']],
      ['auditor', ['Home', 'Audit', 'People']],
    ] as const) {
      assert.equal((await give([role])).status, 200)
      assert.deepEqual((await links()).slice(0, -2), expected)
    }
    await dev.open('/connectors')
    await dev.page.getByRole('alert').getByText('This principal may not do that.').waitFor()
    await give(['developer'])
  })

  it('is worked by keyboard alone: skip link, palette, navigation', async () => {
    const { page } = ada
    await ada.open('/', 'Home')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await ada.look('palette')
    await page.keyboard.type('orbit')
    await page.getByRole('option', { name: 'Orbit CRM (orbit)' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Orbit CRM' }).waitFor()
    assert.equal(await page.evaluate('document.activeElement.id'), 'main', 'reading goes on at the new page')
  })

  it('says of an address that leads nowhere what to do', async () => {
    await ada.open('/nowhere', 'There is nothing here')
    await ada.look('not-found')
  })
})
