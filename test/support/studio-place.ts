import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import type { StartedPlayground } from './playground.ts'
import { STUDIO_DIST } from './studio.ts'
import { type Visitor, visit } from './studio-browser.ts'

const MOST_FIRST_LOAD = 300 * 1024
const MOST_STEPS = 60

/** The studio as a place: who is let in, what it loads, and how one moves in it; called inside a suite that has started all of this. */
export function studioPlace(
  rig: () => { readonly playground: StartedPlayground; readonly browser: Browser; readonly ada: Visitor },
): void {
  it('asks a stranger to sign in, and leads on to the page that was asked for', async () => {
    const { playground, browser } = rig()
    await using stranger = await visit(browser, playground, undefined)
    await stranger.page.goto(`${playground.file.url}/studio/audit?action=sign_in.completed`)
    await stranger.page.getByLabel('Password').waitFor()
  })

  it('carries a policy without unsafe-inline, a nonce of its own on each load, and nothing that breaks it', async () => {
    const { playground, ada } = rig()
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
    const { playground, browser, ada } = rig()
    await using visitor = await visit(browser, playground, ada)
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

  it('is worked by keyboard alone: skip link, palette, navigation', async () => {
    const { ada } = rig()
    const { page } = ada
    const focused = (what: string) => page.evaluate<string>(`document.activeElement.${what}`)
    const tabTo = async (text: string | RegExp) => {
      for (let step = 0; step < MOST_STEPS; step += 1) {
        await page.keyboard.press('Tab')
        const found = await focused('labels?.[0]?.textContent ?? document.activeElement.textContent')
        if (typeof text === 'string' ? found === text : text.test(found)) return
      }
      assert.fail(`the keyboard does not come to ${text}`)
    }
    await ada.load('/', 'Home')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await ada.look('palette')
    await page.keyboard.type('orbit')
    await page.getByRole('option', { name: 'Orbit CRM (orbit)' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Orbit CRM' }).waitFor()
    assert.equal(await focused('id'), 'main', 'reading goes on at the new page')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('new plugin')
    assert.equal(await page.getByRole('combobox').inputValue(), 'new plugin', 'not a letter is lost')
    await page.getByRole('option', { name: 'New plugin', selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'New plugin' }).waitFor()
    await tabTo(/^Name/)
    await page.keyboard.type('by-keyboard')
    await tabTo(/^Display Name/)
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'By keyboard' }).waitFor()
    // Tabs go by arrows, a dialog keeps the focus and gives it back.
    await tabTo('Manifest')
    await page.keyboard.press('ArrowRight')
    await page.getByText('No action yet').waitFor()
    await page.keyboard.press('ArrowLeft')
    await tabTo('Retire …')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    assert.equal(await focused('labels?.[0]?.textContent'), 'Type by-keyboard to confirm')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.waitForFunction('() => document.activeElement.textContent === "Retire …"')
  })

  it('says of an address that leads nowhere what to do', async () => {
    const { ada } = rig()
    await ada.open('/nowhere', 'There is nothing here')
    await ada.look('not-found')
  })

  it('says of a page that broke, and of one of an older build, what to do', async () => {
    const { playground, browser, ada } = rig()
    await using visitor = await visit(browser, playground, ada)
    const { page } = visitor
    await visitor.open('/', 'Home')
    await page.route('**/api/v1/people?*', route => route.fulfill({ json: { items: [null], next_cursor: null } }))
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'This page broke' }).waitFor()
    await visitor.look('page-broke')
    await page.unroute('**/api/v1/people?*')
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()
    await page.route('**/studio/assets/audit-page-*', route => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'The studio was updated' }).waitFor()
    await visitor.look('page-stale')
    await page.unroute('**/studio/assets/audit-page-*')
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
  })

  it('offers a theme of one’s own, and says who one is', async () => {
    const { ada } = rig()
    const { page } = ada
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitem', { name: 'As the system' }).waitFor()
    await ada.look('menu-theme')
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    await page.getByText('ada@acme.example').waitFor()
    await ada.look('menu-person')
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  })
}
