import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestBroker, type TestBroker } from '../../packages/server/test/support/test-broker.ts'
import { launchChromium } from '../support/chromium.ts'
import { lookAt, watch } from '../support/looker.ts'

describe('the pages, in a real browser', () => {
  let broker: TestBroker
  let browser: Browser
  let page: Page
  let watched: ReturnType<typeof watch>
  before(async () => {
    broker = await startTestBroker()
    browser = await launchChromium()
    const context = await browser.newContext()
    watched = watch(context, [broker.url, broker.sso.url, broker.provider.url])
    page = await context.newPage()
  })
  after(async () => {
    await browser?.close()
    await broker?.[Symbol.asyncDispose]()
  })

  it('look right where something is not there', async () => {
    await page.goto(`${broker.url}/nowhere`)
    await lookAt(page, 'not-found')
    await page.goto(`${broker.url}/auth/signed-out`)
    await lookAt(page, 'signed-out')
    assert.deepEqual(watched.faults, [])
  })
})
