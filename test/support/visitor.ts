import assert from 'node:assert/strict'
import type { Person } from '@behalf/playground'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestBroker } from '../../packages/server/test/support/test-broker.ts'
import { watch } from './looker.ts'

/** One person at one browser, with or without JavaScript. */
export type Visitor = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  readonly faults: readonly string[]
  /** Opens a page of the broker, and signs in at the company where it asks. */
  open(path: string): Promise<void>
  /** At the sample system: signs in where it asks, then allows or not. */
  consent(options?: { readonly without?: string; readonly cancel?: true; readonly as?: Person }): Promise<void>
  /** From the confirmation page to the way back into the broker. */
  connect(connector: string, options?: Parameters<Visitor['consent']>[0]): Promise<void>
  /** Begins a connect and stops before the sample system; the request that would have gone there. */
  begin(connector: string): Promise<URL>
  heading(name: string): Promise<void>
  dropCookie(name: string): Promise<void>
}

const WAIT_MS = 30_000

export async function createVisitor(
  browser: Browser,
  broker: TestBroker,
  { person, javaScriptEnabled }: { readonly person: Person; readonly javaScriptEnabled: boolean },
): Promise<Visitor> {
  const context = await browser.newContext({ javaScriptEnabled, timezoneId: 'Asia/Tokyo', locale: 'en-GB' })
  context.setDefaultTimeout(WAIT_MS)
  const { faults } = watch(context, [broker.url, broker.sso.url, broker.provider.url])
  const page = await context.newPage()

  const emailField = page.getByRole('textbox', { name: 'E-mail' })

  async function signIn(as: Person): Promise<void> {
    await emailField.fill(as.email)
    await page.getByLabel('Password').fill(as.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  const visitor: Visitor = {
    context,
    page,
    faults,
    async open(path) {
      await page.goto(broker.url + path)
      if (page.url().startsWith(broker.sso.url)) {
        await signIn(person)
        await page.waitForURL(`${broker.url}/**`)
      }
    },
    async consent({ without, cancel, as = person } = {}) {
      await page.waitForURL(`${broker.provider.url}/**`)
      const allow = page.getByRole('button', { name: 'Allow' })
      await emailField.or(allow).first().waitFor()
      if (await emailField.isVisible()) await signIn(as)
      if (without !== undefined) await page.getByLabel(without).uncheck()
      await page.getByRole('button', { name: cancel ? 'Cancel' : 'Allow' }).click()
      await page.waitForURL(`${broker.url}/**`)
    },
    async connect(connector, options) {
      await visitor.open(`/connectors/${connector}/connect`)
      await page.getByRole('button', { name: 'Continue to' }).click()
      await visitor.consent(options)
    },
    async begin(connector) {
      await visitor.open(`/connectors/${connector}/connect`)
      const away = `${broker.provider.url}/**`
      const asked = new Promise<string>(resolve => {
        page
          .route(away, async route => {
            // No content: the browser stays where it is.
            await route.fulfill({ status: 204 })
            resolve(route.request().url())
          })
          .catch(() => undefined)
      })
      await page.getByRole('button', { name: 'Continue to' }).click()
      const url = new URL(await asked)
      await page.unroute(away)
      return url
    },
    async heading(name) {
      await page.getByRole('heading', { name, exact: true }).waitFor()
    },
    async dropCookie(name) {
      assert.ok((await context.cookies(broker.url)).some(cookie => cookie.name === name))
      await context.clearCookies({ name })
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
  return visitor
}
