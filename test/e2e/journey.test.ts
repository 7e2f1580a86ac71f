import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { createTestDatabase, type Database } from '../support/postgres.ts'

const SHOTS = join(import.meta.dirname, '..', '..', 'test-output', 'screenshots')
const VIEWS = [
  { name: 'desktop-light', width: 1200, height: 800, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1200, height: 800, colorScheme: 'dark' },
  { name: 'phone-light', width: 320, height: 700, colorScheme: 'light' },
  { name: 'phone-dark', width: 320, height: 700, colorScheme: 'dark' },
] as const

for (const engine of ['SQLite', 'PostgreSQL'])
  describe(`the whole journey in a real browser, without JavaScript, on ${engine}`, () => {
    let database: Database | undefined
    let playground: StartedPlayground
    let browser: Browser
    let context: BrowserContext
    let page: Page
    const una = () => playground.file.people[0] ?? assert.fail('no end user')

    before(async () => {
      mkdirSync(SHOTS, { recursive: true })
      database = engine === 'PostgreSQL' ? await createTestDatabase() : undefined
      const env = database && { DATABASE_URL: database.url, BEHALF_ROOT_KEY: randomBytes(32).toString('base64') }
      playground = await startPlayground({ env })
      browser = await launchChromium()
      context = await browser.newContext({ javaScriptEnabled: false })
      context.setDefaultTimeout(10_000)
      page = await context.newPage()
    })
    after(async () => {
      await browser?.close()
      await playground?.[Symbol.asyncDispose]()
      await database?.[Symbol.asyncDispose]()
    })

    const call = async (): Promise<{ status: number; body: Record<string, unknown>; answeredBy: string | null }> => {
      const headers = { authorization: `Bearer ${playground.file.plugin_key}`, 'behalf-subject': una().email }
      const response = await fetch(`${playground.file.url}/gateway/orbit/me`, { headers })
      return {
        status: response.status,
        body: (await response.json()) as Record<string, unknown>,
        answeredBy: response.headers.get('behalf-answered-by'),
      }
    }

    // axe needs scripts, which the page's own policy forbids: it judges a copy of the markup where they may run.
    async function look(name: string): Promise<void> {
      // The pages are the same ones whatever keeps the data.
      if (engine === 'PostgreSQL') return
      for (const { name: view, width, height, colorScheme } of VIEWS) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: join(SHOTS, `${name}-${view}.png`), fullPage: true })
        const wide = await page.locator('html').boundingBox()
        assert.ok((wide?.width ?? 0) <= width, `${name} fits ${width} px`)
        const judged = await browser.newContext({ colorScheme, viewport: { width, height }, bypassCSP: true })
        const copy = await judged.newPage()
        await copy.route('**/*', route =>
          route.request().resourceType() === 'document' ? route.continue() : route.continue(),
        )
        await copy.goto(`${playground.file.url}/auth/signed-out`)
        const css = readFileSync(new URL('../../packages/server/src/http/pages/pages.css', import.meta.url), 'utf8')
        await copy.setContent(
          (await page.content())
            .replace(/<link rel="stylesheet"[^>]*>/, `<style>${css}</style>`)
            .replace(/<meta http-equiv="refresh"[^>]*>/, ''),
        )
        const { violations } = await new AxeBuilder({ page: copy })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        await judged.close()
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`),
          [],
          `${name} ${view}`,
        )
      }
      await page.setViewportSize({ width: 1200, height: 800 })
    }

    async function signInAt(email: string, password: string): Promise<void> {
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }

    it('answers a call before the connection with a link to click', async () => {
      const { status, body, answeredBy } = await call()
      assert.equal(status, 409)
      assert.equal(body['code'], 'connection_required')
      assert.equal(answeredBy, 'behalf')
      assert.match(String(body['connect_url']), /\/connect\/[0-9a-f]{40}$/)
    })

    it('leads from the link over sign-in and consent to a connection, and the same call then works', async () => {
      const { body } = await call()
      await page.goto(String(body['connect_url']))
      await signInAt(una().email, una().password)
      await page.getByRole('heading', { name: 'Connect Orbit CRM for Sales assistant?' }).waitFor()
      await look('confirm')
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.waitForURL(`${playground.file.provider_url}/**`)
      await signInAt(una().email, una().password)
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByRole('heading', { name: 'Orbit CRM is connected' }).waitFor()
      assert.match(page.url(), /\/connections\/result\/[0-9a-f]{64}$/, 'no code is left in the address bar')
      await look('connected')
      const called = await call()
      assert.equal(called.status, 200)
      assert.equal(called.answeredBy, 'provider')
      assert.equal(called.body['email'], 'una@orbit.example')
    })

    it('shows who uses the connection, as whom, and since when', async () => {
      await page.goto(`${playground.file.url}/connections`)
      await page.getByText('Connected as una@orbit.example').waitFor()
      assert.equal(await page.getByText('Sales assistant').first().isVisible(), true)
      await page.getByText('Rights and use').click()
      await look('connections')
    })

    it('ends the use at once and tells the outcome', async () => {
      await page.getByRole('link', { name: 'Disconnect Orbit CRM' }).click()
      await page.getByRole('heading', { name: 'Disconnect Orbit CRM?' }).waitFor()
      await look('disconnect')
      await page.getByRole('button', { name: 'Disconnect Orbit CRM' }).click()
      await page.getByText('Orbit CRM is disconnected.').waitFor()
      await look('disconnected')
      assert.equal((await call()).body['code'], 'connection_required')
    })

    it('explains a cancelled and a smaller consent in plain words', async () => {
      await page.goto(`${playground.file.url}/connectors/orbit/connect`)
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('heading', { name: 'Orbit CRM was not connected' }).waitFor()
      await look('cancelled')
      await page.getByRole('link', { name: 'Try again' }).click()
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.getByLabel('Read your contacts').uncheck()
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByText('You did not allow').waitFor()
      await look('fewer-rights')
      assert.equal((await call()).body['code'], 'scope_insufficient')
    })

    it('says what went wrong and what to do for a link that is over and a page that is not there', async () => {
      await page.goto(`${playground.file.url}/connect/${'0'.repeat(40)}`)
      await page.getByRole('heading', { name: 'This link is over' }).waitFor()
      await look('link-over')
      await page.goto(`${playground.file.url}/nowhere`)
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
      await look('not-found')
    })

    it('signs out here and at the company sign-in', async () => {
      await page.goto(`${playground.file.url}/connections`)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      await look('signed-out')
      await page.goto(`${playground.file.url}/connections`)
      await page.getByLabel('Password').waitFor()
    })

    it('shows the API reference from its own origin', async () => {
      await page.goto(`${playground.file.url}/api/docs`)
      await page.getByRole('heading', { name: 'API reference' }).waitFor()
      await look('api-reference')
    })

    it('keeps its data over a stop and a second start', async () => {
      const { dataDir, file } = playground
      assert.equal(await playground.stop(), 0)
      playground = await startPlayground({ dataDir, env: playground.env })
      assert.equal(playground.file.plugin_key, file.plugin_key)
      assert.equal((await call()).body['code'], 'scope_insufficient', 'the connection is still there')
    })
  })
