import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fillStore, MANY } from '../support/many-things.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { buildStudio } from '../support/studio.ts'
import { signIn, type Visitor, visit } from '../support/studio-browser.ts'

const LOGO = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 8 4 0l4 8z"/></svg>')
/** As many rows as a screen shows, and some above and below it: never as many as there are. */
const MOST_ROWS = 80

describe(`watching and running in the studio, with ${MANY.people} people, ${MANY.connectors} connectors and ${MANY.calls} calls`, () => {
  let playground: StartedPlayground
  let browser: Browser
  let ada: Visitor
  let receiver: Receiver
  before(async () => {
    buildStudio()
    receiver = await startReceiver()
    playground = await startPlayground({ env: { BEHALF_OUTBOUND_ALLOW: receiver.allow } })
    await fillStore(playground.dataDir)
    browser = await launchChromium()
    ada = await visit(browser, playground, 'admin')
  })
  after(async () => {
    await browser?.close()
    await playground?.[Symbol.asyncDispose]()
    await receiver?.[Symbol.asyncDispose]()
  })

  const told = (page: Page, text: string | RegExp) =>
    page.getByRole('status', { name: 'Notices' }).getByText(text).waitFor()
  const rows = (page: Page) => page.getByRole('row').count()
  /** How many requests to the API an act makes. */
  async function requests(page: Page, act: () => Promise<void>): Promise<number> {
    let count = 0
    const note = (request: { url(): string }) => (count += request.url().includes('/api/v1/') ? 1 : 0)
    page.on('request', note)
    await act()
    page.off('request', note)
    return count
  }

  const api = (method: string, path: string, body?: unknown) =>
    fetch(`${playground.file.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${playground.file.api_key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const personCalled = async (part: string) => {
    const { items } = (await (await api('GET', `/people?q=${part}@acme.example`)).json()) as { items: { id: string }[] }
    return items[0] ?? assert.fail(`${part} is not in the roster`)
  }

  it('shows the roster a page at a time, and finds one of ten thousand by part of a name', async () => {
    const { page } = ada
    await ada.open('/people', 'People')
    await page.getByText('200+ people').waitFor()
    assert.ok((await rows(page)) < MOST_ROWS)
    await ada.look('people')
    const asked = await requests(page, async () => {
      await page.getByRole('searchbox').fill('person 9876')
      await page.getByText('1 person').waitFor()
    })
    assert.ok(asked <= 2, `${asked} requests`)
    assert.match(page.url(), /[?&]q=person/, 'the filter is in the address')
  })

  it('brings the next page when one scrolls to the end', async () => {
    const { page } = ada
    await ada.open('/people', 'People')
    await page.getByText('200+ people').waitFor()
    await page.getByRole('table').evaluate((element: { scrollTop: number }) => {
      element.scrollTop = 1e9
    })
    await page.getByText('400+ people').waitFor()
    assert.ok((await rows(page)) < MOST_ROWS)
  })

  it('gives roles and takes them back, and suspends with words for what that means', async () => {
    const { page } = ada
    await ada.open('/people?q=una', 'People')
    await page.getByRole('link', { name: 'Una Ortiz' }).click()
    await page.getByRole('heading', { level: 1, name: 'Una Ortiz' }).waitFor()
    await ada.look('person')
    await page.getByLabel('Auditor').check()
    await page.getByRole('button', { name: 'Save the roles' }).click()
    await told(page, 'The roles of Una Ortiz are saved.')
    await page.getByRole('button', { name: 'Undo' }).click()
    await told(page, 'Undone.')
    await page.waitForFunction('() => !document.querySelector("input[type=checkbox]:checked")')
    await page.getByRole('button', { name: 'Suspend …' }).click()
    await page.getByRole('dialog', { name: 'Suspend Una Ortiz?' }).waitFor()
    await ada.look('suspend')
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await told(page, 'Una Ortiz is suspended.')
    await page.getByRole('button', { name: 'End the suspension' }).click()
    await told(page, 'The suspension of Una Ortiz has ended.')
  })

  it('lists five hundred connectors and narrows them as one types', async () => {
    const { page } = ada
    await ada.open('/connectors', 'Connectors')
    await page.getByText(`${MANY.connectors + 1} connectors`).waitFor()
    assert.ok((await rows(page)) < MOST_ROWS)
    const asked = await requests(page, async () => {
      await page.getByRole('searchbox').fill('system 123')
      await page.getByText(`1 of ${MANY.connectors + 1}`).waitFor()
    })
    assert.equal(asked, 0, 'what is there is not asked for again')
    await page.getByRole('searchbox').fill('')
    await page.getByText('Failing', { exact: true }).click()
    await page.getByText(`1 of ${MANY.connectors + 1}`).waitFor()
    await page.getByRole('row', { name: /System 7.*40 calls, 30 failed/ }).waitFor()
    await ada.look('connectors-failing')
  })

  it('shows the call logs a page at a time, with filters in the address and what was redacted', async () => {
    const { page } = ada
    await ada.open('/logs', 'Logs')
    await page.getByText('100+ calls').waitFor()
    assert.ok((await rows(page)) < MOST_ROWS)
    await ada.look('logs')
    await page.getByLabel('Result').selectOption({ label: '5xx' })
    await page.waitForURL(/status=5xx/)
    await page.getByRole('cell', { name: '200', exact: true }).first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /GET/ }).first().click()
    await page.getByRole('dialog').getByText('What was removed, and why').waitFor()
    await ada.look('log-entry')
    assert.match(page.url(), /entry=cal_/, 'an entry has an address of its own')
  })

  it('says how far a search looked that has not found anything so far, and finds by going on what lies beyond', async () => {
    const { page } = ada
    await ada.open('/logs?q=req_0000000000000001', 'Logs')
    await page.getByRole('heading', { name: 'Nothing found so far' }).waitFor()
    await ada.look('logs-so-far')
    const found = page.getByText('1 call', { exact: true })
    const lookedBack = page.getByText(/^Looked back to .*\d\d:\d\d/)
    while ((await found.count()) === 0) {
      const before = (await lookedBack.textContent()) ?? ''
      await page.getByRole('button', { name: 'Go on' }).click()
      await found
        .or(lookedBack.filter({ hasNotText: before }))
        .first()
        .waitFor()
    }
    assert.match(page.url(), /q=req_0000000000000001/, 'the search stays in the address')
  })

  it('puts new calls in front while the live tail is on', async () => {
    const { page } = ada
    await ada.open('/logs?tail=on&connector=orbit', 'Logs')
    await page.getByText('New calls appear by themselves').waitFor()
    const { url, plugin_key, people } = playground.file
    await fetch(`${url}/gateway/orbit/me`, {
      headers: { authorization: `Bearer ${plugin_key}`, 'behalf-subject': people[0]?.email ?? '' },
    })
    await page.getByText('connection_required').first().waitFor()
  })

  it('verifies the chain of the audit, filters it and exports what is filtered', async () => {
    const { page } = ada
    await ada.open('/audit', 'Audit')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/The chain is whole: [\d,]+ events/).waitFor()
    await ada.look('audit')
    await page.getByLabel('What', { exact: true }).fill('person.suspended')
    await page.getByText('1 event', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'person.suspended' }).click()
    await page.getByRole('dialog', { name: 'Event' }).waitFor()
    await ada.look('audit-event')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as NDJSON' }).click()
    const lines = readFileSync(await (await saved).path(), 'utf8')
      .trim()
      .split('\n')
    assert.deepEqual(
      lines.map(line => JSON.parse(line).action),
      ['person.suspended'],
    )
    await told(page, '1 events were exported, and that was audited.')
  })

  it('changes settings, and asks before what cannot be taken back', async () => {
    const { page } = ada
    await ada.open('/settings/organization', 'Settings')
    await page.getByLabel('Sharing accepted: I know the risk').waitFor()
    await ada.look('settings-organization')
    await page.getByLabel('Sharing accepted: I know the risk').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog', { name: 'Accept shared callbacks?' }).waitFor()
    await ada.look('ask-callback-policy')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: LOGO })
    await told(page, 'Logo saved.')
    await page.getByRole('img', { name: 'Logo, as it is now' }).waitFor()
    await page.getByRole('tab', { name: 'Redaction and logs' }).click()
    await page.getByLabel('Strict log redaction above this many people').fill('5')
    await page.getByRole('button', { name: 'Save' }).first().click()
    const lower = page.getByRole('dialog', { name: 'Lower the threshold from 10 to 5?' })
    await lower.getByText('It can never be raised again.').waitFor()
    await ada.look('ask-threshold')
    await lower.getByRole('button', { name: 'Lower it for good' }).click()
    await told(page, 'The settings are saved.')
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0, 'there is no way back')
    assert.equal(await page.getByLabel('Strict log redaction above this many people').inputValue(), '5')
    // The forms begin anew with what was saved: what is typed before they have would be lost.
    await ada.open('/settings/logging', 'Settings')
    await page.getByLabel('Days', { exact: true }).fill('30')
    await ada.look('settings-logging')
    await page.getByRole('button', { name: 'Save' }).nth(1).click()
    await page.getByRole('dialog', { name: 'Keep entries for 30 days only?' }).waitFor()
    await ada.look('ask-retention')
    await page.getByRole('button', { name: 'Keep them for less' }).click()
    await told(page, 'The settings are saved.')
    await ada.open('/settings/logging', 'Settings')
    assert.equal(await page.getByLabel('Days', { exact: true }).inputValue(), '30')
  })

  it('gives roles by a claim of the SSO from the next sign-in on, and takes that back', async () => {
    const { page } = ada
    await ada.open('/settings/sso', 'Settings')
    const mapping = page.getByRole('group', { name: 'Roles from SSO claims' })
    await mapping.getByLabel('Claim').fill('groups')
    await mapping.getByLabel('Values that give Log viewer').fill('sales')
    await mapping.getByRole('button', { name: 'Save' }).click()
    await told(page, 'The settings are saved.')
    await using una = await visit(browser, playground, 'end_user')
    await una.open('/logs', 'Logs')
    await una.page.getByRole('table', { name: 'Logs' }).waitFor()
    await ada.open('/settings/sso', 'Settings')
    assert.equal(await mapping.getByLabel('Claim').inputValue(), 'groups')
    await mapping.getByLabel('Claim').fill('')
    await mapping.getByRole('button', { name: 'Save' }).click()
    await told(page, 'The settings are saved.')
    await using later = await visit(browser, playground, 'end_user')
    assert.equal((await later.page.request.get(`${playground.file.url}/studio/`)).status(), 404)
  })

  it('changes the SSO only after a sign-in by the new settings', async () => {
    const { page } = ada
    await ada.open('/settings/sso', 'Settings')
    await page.getByRole('group', { name: 'Change the SSO' }).waitFor()
    await ada.look('settings-sso')
    await page.getByLabel('Client secret').fill('a-secret-that-is-not-right')
    await page.getByRole('button', { name: 'Test the sign-in' }).click()
    await page.getByText('The sign-in did not work').waitFor()
    await page.getByText(/does not accept the client id with this secret/).waitFor()
    await ada.look('sso-failed')
    const [una, , own] = playground.file.people
    const trial = async (person: typeof una) => {
      await page.context().clearCookies({ name: /^(?!behalf_)/ })
      // Empty: the present secret, for the present issuer.
      await page.getByRole('button', { name: 'Test the sign-in' }).click()
      await signIn(page, person ?? assert.fail())
      await page.getByText('The sign-in works').waitFor()
    }
    await trial(una)
    await page.getByText('Una Ortiz becomes an admin by saving').waitFor()
    const suspension = `/people/${(await personCalled('una')).id}/suspend`
    assert.equal((await api('POST', suspension)).status, 200)
    await page.getByRole('button', { name: 'Use this sign-in' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Use this sign-in' }).click()
    await page.getByRole('alert').getByText('This person is suspended.').waitFor()
    await page
      .getByRole('alert')
      .getByText(/End the suspension under People/)
      .waitFor()
    await ada.look('sso-suspended')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Leave it as it was' }).click()
    assert.equal((await api('DELETE', suspension)).status, 200)
    await trial(own)
    await page.getByText('Ada Lindqvist (ada@acme.example)').waitFor()
    await ada.look('sso-passed')
    await page.getByRole('button', { name: 'Use this sign-in' }).click()
    await page.getByRole('dialog', { name: 'Sign everybody in this way from now on?' }).waitFor()
    await ada.look('ask-sso')
    await page.getByRole('dialog').getByRole('button', { name: 'Use this sign-in' }).click()
    await told(page, 'The SSO is changed. Ada Lindqvist is an admin there.')
  })

  it('imports people from CSV, and tells every line that is not right', async () => {
    const { page } = ada
    await ada.open('/people/import', 'Import people')
    await page
      .getByLabel('CSV', { exact: true })
      .fill('email,groups\nnew@acme.example,sales\nnobody\nnew@acme.example,x\n')
    await page.getByRole('button', { name: 'Check every line' }).click()
    await page.getByText('2 lines are not right').waitFor()
    await page.getByRole('cell', { name: 'email: is on line 2 too' }).waitFor()
    await ada.look('people-import-faults')
    await page.getByLabel('CSV', { exact: true }).fill('email,name,groups\nnew@acme.example,Noor Ewing,sales;vip\n')
    await page.getByRole('button', { name: 'Check every line' }).click()
    await page.getByText('The line is right').waitFor()
    await page.getByRole('button', { name: 'Import 1 person' }).click()
    await page.getByRole('heading', { level: 1, name: 'Imported people' }).waitFor()
    await page.getByText('Noor Ewing (new@acme.example)').waitFor()
    await ada.look('people-imported')
  })

  it('makes an API key that is shown once, and a webhook whose messages can be sent again', async () => {
    const { page } = ada
    await ada.open('/settings/api-keys', 'Settings')
    await page.getByRole('button', { name: 'New API key' }).click()
    await page.getByLabel('Label').fill('nightly export')
    await page.getByRole('dialog').getByLabel('Auditor').check()
    await ada.look('new-api-key')
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('dialog').getByText(/bhf_/).waitFor()
    await ada.look('api-key-made', 'unseen')
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByText('nightly export').waitFor()
    await ada.look('settings-api-keys')
    await page
      .getByRole('row', { name: /nightly export/ })
      .getByRole('button', { name: 'Revoke …' })
      .click()
    const revoke = page.getByRole('dialog', { name: 'Revoke nightly export?' })
    await revoke.getByLabel('Type nightly export to confirm').fill('nightly export')
    await ada.look('ask-revoke-key')
    await revoke.getByRole('button', { name: 'Revoke the key' }).click()
    await told(page, 'nightly export is revoked.')
    await ada.open('/settings/webhooks', 'Settings')
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByRole('dialog').getByLabel('URL').fill(receiver.url)
    await page.getByLabel('Description').fill('Helpdesk')
    await ada.look('new-webhook')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByRole('button', { name: /Helpdesk/ }).click()
    await page.getByText('No dead letters').waitFor()
    // Gone, says the receiver: the message is dead at once, and the webhook is told nothing more.
    receiver.answers(410)
    await page.getByRole('button', { name: 'Send a test' }).click()
    await told(page, 'The test was answered with 410.')
    const letter = page.getByRole('row', { name: /Dead/ })
    await letter.getByText('410').waitFor()
    await ada.look('settings-webhooks')
    receiver.answers(204)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await told(page, 'The webhook is active.')
    await letter.getByRole('button', { name: 'Send again' }).click()
    await told(page, 'It is sent again.')
    await letter.waitFor({ state: 'detached' })
    await page.getByRole('radiogroup', { name: 'Messages' }).getByText('All messages').click()
    await page
      .getByRole('row', { name: /Taken.*204/ })
      .first()
      .waitFor()
    assert.equal(new Set(receiver.ids()).size, 1, 'the same message, sent twice')
    await page.getByRole('button', { name: 'Remove …' }).click()
    await page.getByLabel('Type Helpdesk to confirm').fill('Helpdesk')
    await ada.look('ask-remove-webhook')
    await page.getByRole('button', { name: 'Remove the webhook' }).click()
    await told(page, 'The webhook is removed.')
  })

  it('tells at a glance what needs somebody and how much is used', async () => {
    await ada.open('/', 'Home')
    await ada.page.getByRole('heading', { name: 'Needs attention' }).waitFor()
    await ada.page.getByText(/\d+ connectors wait for their hosts to be approved/).waitFor()
    await ada.page.getByText('system-7: 30 of 40 calls failed since yesterday').waitFor()
    await ada.page.getByRole('img', { name: /calls in 30 days/ }).waitFor()
    await ada.look('home')
    // Each leads to where it is mended.
    const lapsing = 'system-1: 1 grant lapses within seven days, unless its person consents again'
    await ada.page.getByRole('link', { name: `Look: ${lapsing}` }).click()
    await ada.page.waitForURL(/\/connectors\/system-1\?tab=people/)
    await ada.page.getByRole('link', { name: 'Una Ortiz' }).waitFor()
    await ada.open('/', 'Home')
    await ada.page.getByRole('link', { name: 'Look: 1 revocation is being retried' }).click()
    await ada.page.waitForURL(/\/audit\?action=connection\.disconnected/)
  })

  it('says what it is waiting for on a slow network, and goes on where it was', async () => {
    await using visitor = await visit(browser, playground, ada)
    await visitor.open('/', 'Home')
    let letGo = () => {}
    const held = new Promise<void>(resolve => (letGo = resolve))
    await visitor.page.route('**/api/v1/people?*', async route => {
      await held
      await route.continue()
    })
    await visitor.page.getByRole('link', { name: 'People', exact: true }).click()
    await visitor.page.getByText('Reading the people …').first().waitFor()
    await visitor.look('slow-network')
    letGo()
    await visitor.page.getByText('200+ people').waitFor()
  })

  it('shows on a phone what a row holds, and leads on from its navigation', async () => {
    const { page } = ada
    await page.setViewportSize({ width: 390, height: 780 })
    await ada.open('/logs', 'Logs')
    const row = page.getByRole('row').nth(1)
    await row.getByText('sales-assistant').waitFor()
    await row
      .getByText(/^\d+ ms$|\d+ ms/)
      .first()
      .waitFor()
    await row.getByRole('button', { name: /GET|POST/ }).click()
    await page.getByRole('dialog', { name: 'Call' }).getByText('What was removed, and why').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Open the navigation' }).click()
    await page.getByRole('link', { name: 'Plugins', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Plugins' }).waitFor()
    await page.setViewportSize({ width: 1280, height: 860 })
    await ada.open('/logs', 'Logs')
    await page.getByRole('row').nth(2).waitFor()
    const height = () =>
      page
        .getByRole('row')
        .nth(2)
        .evaluate<number, { offsetHeight: number }>(each => each.offsetHeight)
    const before = await height()
    await page.setViewportSize({ width: 390, height: 780 })
    await page.locator('.second').first().waitFor()
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.locator('.second').first().waitFor({ state: 'detached' })
    assert.equal(await height(), before, 'a row of one line takes one line again')
  })

  it('breaks no policy of its own and throws nothing', () => {
    assert.deepEqual(ada.complaints, [])
  })
})
