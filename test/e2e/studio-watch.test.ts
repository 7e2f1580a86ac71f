import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fillStore, MANY } from '../support/many-things.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { buildStudio } from '../support/studio.ts'
import { type Visitor, visit } from '../support/studio-browser.ts'

const LOGO = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 8 4 0l4 8z"/></svg>')
/** As many rows as a screen shows, and some above and below it: never as many as there are. */
const MOST_ROWS = 80

describe(`watching and running in the studio, with ${MANY.people} people, ${MANY.connectors} connectors and ${MANY.calls} calls`, () => {
  let playground: StartedPlayground
  let browser: Browser
  let ada: Visitor
  before(async () => {
    buildStudio()
    playground = await startPlayground()
    await fillStore(playground.dataDir)
    browser = await launchChromium()
    ada = await visit(browser, playground, 'admin')
  })
  after(async () => {
    await browser?.close()
    await playground?.[Symbol.asyncDispose]()
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
    await page.waitForFunction('!document.querySelector("input[type=checkbox]:checked")')
    await page.getByRole('button', { name: 'Suspend …' }).click()
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
  })

  it('shows the call logs a page at a time, with filters in the address and what was redacted', async () => {
    const { page } = ada
    await ada.open('/logs', 'Logs')
    await page.getByText('100+ calls').waitFor()
    assert.ok((await rows(page)) < MOST_ROWS)
    await ada.look('logs')
    await page.getByLabel('Result').selectOption({ label: '5xx' })
    await page.getByRole('button', { name: /GET/ }).first().waitFor()
    assert.match(page.url(), /status=5xx/)
    await page.getByRole('button', { name: /GET/ }).first().click()
    await page.getByRole('dialog').getByText('What was removed, and why').waitFor()
    await ada.look('log-entry')
    assert.match(page.url(), /entry=cal_/, 'an entry has an address of its own')
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
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: LOGO })
    await told(page, 'Logo saved.')
    await page.getByRole('img', { name: 'Logo, as it is now' }).waitFor()
    await page.getByRole('tab', { name: 'Redaction and logs' }).click()
    await page.getByLabel('Days', { exact: true }).fill('30')
    await ada.look('settings-logging')
    await page.getByRole('button', { name: 'Save' }).nth(1).click()
    await page.getByRole('dialog', { name: 'Keep entries for 30 days only?' }).waitFor()
    await page.getByRole('button', { name: 'Keep them for less' }).click()
    await told(page, 'The settings are saved.')
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
    // Empty: the present secret, for the present issuer.
    await page.getByRole('button', { name: 'Test the sign-in' }).click()
    await page.getByText('The sign-in works').waitFor()
    await page.getByText('Ada Lindqvist (ada@acme.example)').waitFor()
    await ada.look('sso-passed')
    await page.getByRole('button', { name: 'Use this sign-in' }).click()
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

  it('shows a log viewer the logs and an auditor what is to be read, and neither anything else', async () => {
    const { url, api_key: key, people } = playground.file
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const email = people.find(({ role }) => role === 'developer')?.email
    const found = (await (await fetch(`${url}/api/v1/people?q=${email}`, { headers })).json()) as {
      items: { id: string }[]
    }
    const give = (roles: string[]) =>
      fetch(`${url}/api/v1/people/${found.items[0]?.id}/roles`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ roles }),
      })
    await using visitor = await visit(browser, playground, 'developer')
    const { page } = visitor
    const places = async () => {
      await visitor.open('/', 'Home')
      return (await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()).slice(0, -2)
    }
    assert.deepEqual(await places(), ['Home', 'Connectors', 'Plugins'])

    assert.equal((await give(['log_viewer'])).status, 200)
    assert.deepEqual(await places(), ['Home', 'Logs'])
    await visitor.look('home-log-viewer')
    await page.getByRole('link', { name: 'Logs', exact: true }).click()
    await page.getByText('100+ calls').waitFor()
    await visitor.open('/people')
    await page.getByRole('alert').getByText('This principal may not do that.').waitFor()
    await visitor.look('forbidden')

    assert.equal((await give(['auditor'])).status, 200)
    assert.deepEqual(await places(), ['Home', 'Audit', 'People'])
    await page.getByRole('img', { name: /calls in 30 days/ }).waitFor()
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    await page.getByText(/The chain is whole: [\d,]+ events/).waitFor()
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await page.getByText('200+ people').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Import people' }).count(), 0)
    await visitor.open(`/people/${found.items[0]?.id}`, 'Dev Rao')
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    assert.equal(await page.getByRole('button', { name: /Save the roles|Suspend/ }).count(), 0)
    await visitor.look('person-for-auditor')
    assert.deepEqual(visitor.complaints, [])
  })

  it('makes an API key that is shown once, and a webhook whose messages can be sent again', async () => {
    const { page } = ada
    await ada.open('/settings/api-keys', 'Settings')
    await page.getByRole('button', { name: 'New API key' }).click()
    await page.getByLabel('Label').fill('nightly export')
    await page.getByRole('dialog').getByLabel('Auditor').check()
    await page.getByRole('button', { name: 'Make the key' }).click()
    await page.getByRole('dialog').getByText(/bhf_/).waitFor()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByText('nightly export').waitFor()
    await ada.look('settings-api-keys')
    await ada.open('/settings/webhooks', 'Settings')
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByRole('dialog').getByLabel('URL').fill('https://hooks.acme.example/behalf')
    await page.getByLabel('Description').fill('Helpdesk')
    await ada.look('new-webhook')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByRole('button', { name: /Helpdesk/ }).click()
    await page.getByText('No dead letters').waitFor()
    await ada.look('settings-webhooks')
  })

  it('tells at a glance what needs somebody and how much is used', async () => {
    await ada.open('/', 'Home')
    await ada.page.getByRole('heading', { name: 'Needs attention' }).waitFor()
    await ada.page.getByText(/\d+ connectors wait for their hosts to be approved/).waitFor()
    await ada.page.getByRole('img', { name: /calls in 30 days/ }).waitFor()
    await ada.look('home')
  })

  it('says what it is waiting for on a slow network, and goes on where it was', async () => {
    await using visitor = await visit(browser, playground, 'admin')
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

  it('fits a phone', async () => {
    const { page } = ada
    await page.setViewportSize({ width: 360, height: 740 })
    for (const [path, heading] of [
      ['/', 'Home'],
      ['/connectors', 'Connectors'],
      ['/connectors/new?preset=by-hand', 'New connector'],
      ['/people', 'People'],
      ['/logs', 'Logs'],
    ] as const) {
      await ada.open(path, heading)
      await page.waitForLoadState('networkidle')
      const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
      assert.ok(wide <= 360, `${path} is ${wide} px wide`)
      await ada.look(`phone-${heading.toLowerCase().replace(' ', '-')}`)
    }
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  it('breaks no policy of its own and throws nothing', () => {
    assert.deepEqual(ada.complaints, [])
  })
})
