import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { assertKeyboardReaches } from '../support/keyboard.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { buildStudio, STUDIO_DIST } from '../support/studio.ts'
import { type Visitor, visit } from '../support/studio-browser.ts'
import { type Role, type StudioPage, studioPages } from '../support/studio-pages.ts'
import { studioPlace } from '../support/studio-place.ts'

const NOT_YOURS = 'Your roles do not reach this page'
const PLACES: Readonly<Record<Role, readonly string[]>> = {
  developer: ['Home', 'Connectors', 'Plugins'],
  log_viewer: ['Home', 'Logs'],
  auditor: ['Home', 'Audit', 'People'],
  admin: ['Home', 'Connectors', 'Plugins', 'Logs', 'Audit', 'People', 'Settings'],
}

/** What each role may do over REST, by session and by key, is judged operation by operation in the server's own `d-object-matrix.test.ts`. */
describe('the studio to each of six kinds of people', () => {
  let playground: StartedPlayground
  let browser: Browser
  let dev: Visitor
  let ada: Visitor
  let pages: readonly StudioPage[]
  let devId = ''
  const api = async (method: string, path: string, body?: unknown) => {
    const { url, api_key } = playground.file
    const headers = { authorization: `Bearer ${api_key}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) ?? null })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer
  }
  const idOf = async (part: string) => {
    const { items } = (await (await api('GET', `/people?q=${part}@acme.example`)).json()) as { items: { id: string }[] }
    return items[0]?.id ?? assert.fail(`${part} is not in the roster`)
  }
  before(async () => {
    buildStudio()
    playground = await startPlayground()
    browser = await launchChromium()
    ;[ada, dev] = await Promise.all([visit(browser, playground, 'admin'), visit(browser, playground, 'developer')])
    pages = studioPages(await idOf('una'))
    devId = await idOf('dev')
    await api('POST', '/connectors', {
      name: 'waiting',
      display_name: 'Waiting system',
      base_url: 'https://api.waiting.example',
      auth: {
        type: 'oauth2',
        grant_type: 'authorization_code',
        authorization_url: 'https://login.waiting.example/authorize',
        token_url: 'https://login.waiting.example/token',
        client_id: 'behalf',
        client_secret: 'a-secret-of-the-tests',
        scope: [],
      },
    })
  })
  after(async () => {
    await browser?.close()
    await playground?.[Symbol.asyncDispose]()
  })

  /** Goes to a page without loading the studio anew. */
  const go = (at: string) => dev.page.evaluate(`history.pushState(null, '', ${JSON.stringify(`/studio${at}`)})`)
  const heading = (name: string) => dev.page.getByRole('heading', { level: 1, name, exact: true })

  async function assertShows({ at, title, shows, may = [] }: StudioPage, role: Role): Promise<void> {
    await heading(title).waitFor()
    const [kind, name] = shows
    await dev.page.getByRole(kind, { name, exact: true }).first().waitFor()
    for (const [what, words, roles] of may) {
      const control = dev.page.getByRole(what, { name: words, exact: true })
      if (roles.includes(role)) await control.first().waitFor()
      else assert.equal(await control.count(), 0, `${role} is offered ${words} at ${at}`)
    }
    assert.equal(
      await dev.page.getByRole('alert').filter({ hasText: 'may not do that' }).count(),
      0,
      `${role} at ${at}`,
    )
  }

  for (const role of ['developer', 'log_viewer', 'auditor', 'admin'] as const) {
    it(`shows ${role} the pages of that role with what it may do there, and says of every other page that it is not`, async () => {
      const { page } = dev
      await api('PUT', `/people/${devId}/roles`, { roles: [role] })
      await dev.load('/nowhere', 'There is nothing here')
      const places = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
      assert.deepEqual((await places.allInnerTexts()).slice(0, -2), PLACES[role])
      for (const each of pages) {
        await go('/nowhere')
        await heading('There is nothing here').waitFor()
        await go(each.at)
        if (!each.sees.includes(role) && each.title !== 'Orbit CRM') await heading(NOT_YOURS).waitFor()
        else if (each.sees.includes(role)) {
          await assertShows(each, role)
          if (role === 'admin' || role === 'developer') await assertKeyboardReaches(page, each.at)
        }
      }
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      const actions = page.getByRole('option', { name: /^New (connector|plugin)/ })
      assert.equal(await actions.count(), role === 'developer' || role === 'admin' ? 2 : 0)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    })
  }

  it('gives a log viewer the calls and an auditor the chain, and neither a way to change anything', async () => {
    const { page } = dev
    const { url, plugin_key, people } = playground.file
    await fetch(`${url}/gateway/orbit/me`, {
      headers: { authorization: `Bearer ${plugin_key}`, 'behalf-subject': people[0]?.email ?? '' },
    })
    await api('PUT', `/people/${devId}/roles`, { roles: ['log_viewer'] })
    await dev.load('/', 'Home')
    await dev.look('home-log-viewer')
    await dev.open('/logs', 'Logs')
    await page.getByRole('button', { name: /^GET/ }).first().click()
    await page.getByRole('dialog', { name: 'Call' }).getByText('What was removed, and why').waitFor()
    await dev.open('/people', NOT_YOURS)
    await dev.look('forbidden')

    await api('PUT', `/people/${devId}/roles`, { roles: ['auditor'] })
    await dev.load('/audit', 'Audit')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/The chain is whole: [\d,]+ events/).waitFor()
    await dev.open(`/people/${devId}`, 'Dev Rao')
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    for (const box of await page.getByRole('checkbox').all()) assert.equal(await box.isDisabled(), true)
    await dev.look('person-for-auditor')
  })

  it('does not exist at any address for an end user, and asks a stranger to sign in at each', async () => {
    await using una = await visit(browser, playground, 'end_user')
    await using stranger = await visit(browser, playground, undefined)
    await una.page.goto(`${playground.file.url}/studio/`)
    await una.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    const asset = globSync('assets/*.js', { cwd: STUDIO_DIST })[0] ?? assert.fail('nothing was built')
    assert.equal((await una.context.request.get(`${playground.file.url}/studio/${asset}`)).status(), 404)
    for (const { at } of [...pages, { at: '/nowhere' }]) {
      const address = `${playground.file.url}/studio${at}`
      const theirs = await una.context.request.get(address, { maxRedirects: 0 })
      assert.equal(theirs.status(), 404, at)
      assert.doesNotMatch(await theirs.text(), /studio/i, 'nothing tells that there is one')
      const asked = await stranger.context.request.get(address, { maxRedirects: 0 })
      assert.equal(asked.status(), 303, at)
      const { pathname, searchParams } = new URL(asked.headers()['location'] ?? '', address)
      assert.deepEqual([pathname, searchParams.get('return_to')], ['/auth/login', `/studio${at}`])
    }
  })

  studioPlace(() => ({ playground, browser, ada }))

  it('breaks no policy of its own and throws nothing', () => {
    assert.deepEqual([...ada.complaints, ...dev.complaints], [])
  })
})
