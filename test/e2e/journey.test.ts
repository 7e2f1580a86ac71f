import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { createTestDatabase, type Database } from '../support/postgres.ts'

for (const engine of ['SQLite', 'PostgreSQL'])
  describe(`the whole journey in a real browser, without JavaScript, on ${engine}`, () => {
    let database: Database | undefined
    let playground: StartedPlayground
    let browser: Browser
    let context: BrowserContext
    let page: Page
    const una = () => playground.file.people[0] ?? assert.fail('no end user')

    before(async () => {
      database = engine === 'PostgreSQL' ? await createTestDatabase() : undefined
      const env = database && { DATABASE_URL: database.url, BEHALF_ROOT_KEY: randomBytes(32).toString('base64') }
      playground = await startPlayground({ env })
      browser = await launchChromium()
      context = await browser.newContext({ javaScriptEnabled: false })
      context.setDefaultTimeout(30_000)
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
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.waitForURL(`${playground.file.provider_url}/**`)
      await signInAt(una().email, una().password)
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByText('Orbit CRM is connected').waitFor()
      assert.match(page.url(), /\/connections\/result\/[0-9a-f]{64}$/, 'no code is left in the address bar')
      const called = await call()
      assert.equal(called.status, 200)
      assert.equal(called.answeredBy, 'provider')
      assert.equal(called.body['email'], 'una@orbit.example')
    })

    it('shows who uses the connection, as whom, and since when', async () => {
      await page.goto(`${playground.file.url}/connections`)
      await page.getByText('Connected as una@orbit.example').waitFor()
      assert.equal(await page.getByText('Sales assistant').first().isVisible(), true)
      await page.getByText('Details').click()
      await page.getByText('By itself, until you disconnect').waitFor()
    })

    it('ends the use at once and tells the outcome', async () => {
      await page.getByRole('link', { name: 'Disconnect Orbit CRM' }).click()
      await page.getByRole('heading', { name: 'Disconnect Orbit CRM?' }).waitFor()
      await page.getByRole('button', { name: 'Disconnect Orbit CRM' }).click()
      await page.getByRole('heading', { name: 'Orbit CRM is disconnected' }).waitFor()
      assert.equal((await call()).body['code'], 'connection_required')
    })

    it('explains a cancelled and a smaller consent in plain words', async () => {
      await page.goto(`${playground.file.url}/connectors/orbit/connect`)
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('heading', { name: 'Orbit CRM was not connected' }).waitFor()
      await page.getByRole('link', { name: 'Try again' }).click()
      await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
      await page.getByLabel('Read your contacts').uncheck()
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.getByText('Orbit CRM is connected with fewer rights than asked').waitFor()
      assert.equal((await call()).body['code'], 'scope_insufficient')
    })

    it('says what went wrong and what to do for a link that is over and a page that is not there', async () => {
      await page.goto(`${playground.file.url}/connect/${'0'.repeat(40)}`)
      await page.getByRole('heading', { name: 'This link is over' }).waitFor()
      await page.goto(`${playground.file.url}/nowhere`)
      await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
    })

    it('signs out here and at the company sign-in', async () => {
      await page.goto(`${playground.file.url}/connections`)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      await page.goto(`${playground.file.url}/connections`)
      await page.getByLabel('Password').waitFor()
    })

    it('shows the API reference from its own origin', async () => {
      await page.goto(`${playground.file.url}/api/docs`)
      await page.getByRole('heading', { name: 'API reference' }).waitFor()
    })

    it('keeps its data over a stop and a second start', async () => {
      const { dataDir, file } = playground
      assert.equal(await playground.stop(), 0)
      playground = await startPlayground({ dataDir, env: playground.env })
      assert.equal(playground.file.plugin_key, file.plugin_key)
      assert.equal((await call()).body['code'], 'scope_insufficient', 'the connection is still there')
    })
  })
