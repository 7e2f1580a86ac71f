import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { type StartedPlayground, startPlayground } from '../support/playground.ts'
import { buildStudio } from '../support/studio.ts'
import { signIn, type Visitor, visit } from '../support/studio-browser.ts'

const svg = (inside: string) => ({
  name: 'logo.svg',
  mimeType: 'image/svg+xml',
  buffer: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inside}<path d="M0 8 4 0l4 8z"/></svg>`,
  ),
})

describe('the studio, from its door to a launched plugin', () => {
  let playground: StartedPlayground
  let browser: Browser
  let ada: Visitor
  let dev: Visitor
  before(async () => {
    buildStudio()
    playground = await startPlayground()
    browser = await launchChromium()
    ;[ada, dev] = await Promise.all([visit(browser, playground, 'admin'), visit(browser, playground, 'developer')])
  })
  after(async () => {
    await browser?.close()
    await playground?.[Symbol.asyncDispose]()
  })

  let pluginKey = ''
  const api = (method: string, path: string, body?: unknown) =>
    fetch(`${playground.file.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${playground.file.api_key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const fill = (page: Page, label: string | RegExp, text: string) => page.getByLabel(label).first().fill(text)
  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click()
  const told = (page: Page, text: string | RegExp) =>
    page.getByRole('status', { name: 'Notices' }).getByText(text).waitFor()

  it('teaches in three steps what is still to be done', async () => {
    await dev.open('/', 'Home')
    await dev.page.getByRole('heading', { name: 'Three steps to a working connector' }).waitFor()
    await dev.page.getByRole('link', { name: 'Test it' }).waitFor()
    await dev.look('home-first-steps')
  })

  it('finds a provider in the catalogue and leaves little to fill in', async () => {
    const { page } = dev
    await dev.open('/connectors/new', 'New connector')
    await page.getByText(/\d{3} providers/).waitFor()
    await page.getByRole('searchbox').fill('git')
    await page.getByText(/^\d providers/).waitFor()
    await dev.look('catalogue')
    await page
      .getByRole('link', { name: /^GitHub\b/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'New connector: GitHub' }).waitFor()
    await page.getByText('/auth/oauthCallback/github').first().waitFor()
    await dev.look('new-from-catalogue')
  })

  it('makes a connector by hand on the source’s own path, and says beside each field what is wrong', async () => {
    const { page } = dev
    await dev.open('/connectors/new?preset=by-hand', 'New connector')
    await fill(page, /^Name/, 'tracker')
    await fill(page, 'Display Name', 'Tracker')
    await fill(page, /^Base Url/, 'http://api.tracker.example')
    await page.getByLabel('Auth Config').selectOption({ label: 'Oauth2' })
    await page.getByLabel('Oauth2 Grant Type').selectOption({ label: 'Authorization Code Grant' })
    await page.getByText('/auth/oauthCallback/tracker').waitFor()
    await page.getByText('must begin with https://').waitFor()
    await fill(page, 'Authorization URL', 'https://login.tracker.example/authorize')
    await fill(page, 'Client ID', 'behalf')
    await page.getByLabel('Client Secret', { exact: true }).fill('a-secret-of-the-tests')
    await fill(page, 'Authorization Code Grant Scope', 'tickets.read\ntickets.write')
    await fill(page, 'Oauth2 Token Url', 'https://login.tracker.example/token')
    await fill(page, 'Revocation token key', 'token')
    await fill(page, /^Additional Request Data$/, '{"resource_id": "7"}')
    await page.getByRole('button', { name: 'Create the connector' }).click()
    await page.getByRole('alert').getByRole('button', { name: 'Base url' }).waitFor()
    await dev.look('new-by-hand')
    await fill(page, /^Base Url/, 'https://api.tracker.example')
    await fill(page, 'Revoke URL', 'https://login.tracker.example/revoke')
    await page.getByRole('button', { name: 'Create the connector' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tracker' }).waitFor()
    await told(page, 'Tracker was created.')
    assert.match(page.url(), /\/studio\/connectors\/tracker\?tab=test$/)
    await dev.open('/connectors/tracker', 'Tracker')
    await page.getByText('An admin has to approve these hosts').waitFor()
  })

  it('lets an admin approve its hosts', async () => {
    const { page } = ada
    await ada.open('/connectors?state=waiting', 'Connectors')
    await page.getByRole('link', { name: 'Tracker' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tracker' }).waitFor()
    await page.getByText('login.tracker.example').first().waitFor()
    await ada.look('connector-approval')
    await page.getByRole('button', { name: 'Approve these hosts' }).click()
    await told(page, 'The hosts of Tracker are approved.')
    await page.locator('input[type=file]').setInputFiles(svg('<script>alert(1)</script>'))
    await page
      .getByRole('alert')
      .getByText(/script/)
      .waitFor()
    await page.locator('input[type=file]').setInputFiles(svg(''))
    await told(page, 'Icon saved.')
    const icon = page.getByRole('img', { name: 'Icon, as it is now' })
    await page.waitForFunction('() => document.querySelector("img.icon")?.naturalWidth > 0')
    await ada.look('connector')
    await page.getByRole('button', { name: 'Remove the icon' }).click()
    await told(page, 'Icon removed.')
    await icon.waitFor({ state: 'detached' })
  })

  it('shows what the provider says of it, beside the field that it concerns', async () => {
    const { page } = dev
    await dev.load('/connectors/tracker?tab=test', 'Tracker')
    await page.getByRole('button', { name: 'Check connector' }).click()
    await page.getByText('Something has to be changed.').waitFor()
    await dev.look('connector-check')
    await tab(page, 'Edit')
    await page
      .getByText(/The last check says:/)
      .first()
      .waitFor()
    await dev.look('connector-check-notes')
  })

  it('lays two people’s edits side by side, and loses neither', async () => {
    await Promise.all([
      ada.load('/connectors/tracker?tab=edit', 'Tracker'),
      dev.load('/connectors/tracker?tab=edit', 'Tracker'),
    ])
    await fill(ada.page, 'Display Name', 'Tracker Cloud')
    await fill(ada.page, 'Display Description', 'Lets assistants look up your tickets.')
    await fill(dev.page, 'Display Name', 'Tracker Tickets')
    await fill(dev.page, 'Instructions URL (Optional)', 'https://tracker.example/apps')
    await ada.page.getByRole('button', { name: 'Save', exact: true }).click()
    await told(ada.page, 'Tracker Cloud was saved.')
    await dev.page.getByRole('button', { name: 'Save', exact: true }).click()
    await dev.page.getByRole('alert').getByText('Saved meanwhile, by somebody else or in another tab').waitFor()
    await dev.look('connector-conflict')
    assert.equal(await dev.page.getByLabel('Display Name', { exact: true }).inputValue(), 'Tracker Tickets')
    await dev.page.getByLabel('Take theirs').check()
    await dev.page.getByRole('button', { name: 'Go on with both' }).click()
    await dev.page.getByRole('button', { name: 'Save', exact: true }).click()
    await told(dev.page, 'Tracker Cloud was saved.')
    await dev.open('/connectors/tracker?tab=edit', 'Tracker Cloud')
    assert.equal(await dev.page.getByLabel('Display Description').inputValue(), 'Lets assistants look up your tickets.')
    assert.equal(await dev.page.getByLabel('Instructions URL (Optional)').inputValue(), 'https://tracker.example/apps')
  })

  it('lays two tabs of one person side by side as well, and loses neither', async () => {
    const { page, context } = dev
    const other = await context.newPage()
    await other.goto(`${playground.file.url}/studio/connectors/tracker?tab=edit`)
    await dev.open('/connectors/tracker?tab=edit', 'Tracker Cloud')
    await fill(page, 'Display Description', 'Typed in the first tab.')
    await fill(other, 'Display Description', 'Typed in the second tab.')
    await fill(other, 'Revocation token key', 'token_of_the_second_tab')
    await other.getByRole('button', { name: 'Save', exact: true }).click()
    await told(other, 'Tracker Cloud was saved.')
    // What stands behind another tab is drawn once a second only.
    await page.bringToFront()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const conflict = page.getByRole('alert').filter({ hasText: 'Saved meanwhile, by somebody else or in another tab' })
    await conflict.getByText('Typed in the second tab.').waitFor()
    await conflict.getByText('token_of_the_second_tab').waitFor()
    const description = page.getByRole('textbox', { name: 'Display Description' })
    assert.equal(await description.inputValue(), 'Typed in the first tab.')
    await page.getByLabel('Take theirs').check()
    await page.getByRole('button', { name: 'Go on with both' }).click()
    await conflict.waitFor({ state: 'detached' })
    await description.fill('Lets assistants look up your tickets.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await told(page, 'Tracker Cloud was saved.')
    await other.reload()
    assert.equal(await other.getByLabel('Display Description').inputValue(), 'Lets assistants look up your tickets.')
    assert.equal(await other.getByLabel('Revocation token key').inputValue(), 'token_of_the_second_tab')
    await other.close()
  })

  it('replaces a client secret without a gap: the new one and the former one, neither shown again', async () => {
    const { page } = dev
    await dev.open('/connectors/tracker?tab=edit', 'Tracker Cloud')
    await page.getByRole('button', { name: 'Keys and further secrets' }).click()
    await page.getByLabel('Client Secret', { exact: true }).fill('the-second-secret-of-the-tests')
    await page.getByLabel('Former client secret').fill('a-secret-of-the-tests')
    await page.getByRole('status').getByText('2 fields changed').waitFor()
    await dev.look('connector-secrets')
    await page.getByText('JSON', { exact: true }).click()
    assert.doesNotMatch(await page.getByRole('textbox', { name: 'JSON' }).inputValue(), /secret-of-the-tests/)
    await page.getByText('Form', { exact: true }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await told(page, 'Tracker Cloud was saved.')
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0, 'nobody has the former secrets any more')
    await page.getByRole('button', { name: 'Keys and further secrets' }).click()
    const former = page.getByLabel('Former client secret')
    await former.waitFor()
    assert.equal(await former.inputValue(), '')
    assert.equal(await page.getByText(/One is set, .*An empty box keeps it/).count(), 2)
  })

  it('shows what each version changed and restores one; and takes a save back', async () => {
    const { page } = dev
    await tab(page, 'Versions')
    await page.getByText('the client secret may have been replaced').waitFor()
    await page.getByRole('button', { name: /^Version 5/ }).click()
    await page.getByText('Typed in the second tab.').first().waitFor()
    await dev.look('connector-versions')
    await page.getByRole('button', { name: /^Version 1/ }).click()
    await page.getByRole('button', { name: 'Restore this version' }).last().click()
    await told(page, /is like version 1/)
    await dev.open('/connectors/tracker?tab=edit', 'Tracker')
    await fill(page, 'Display Name', 'Mistake')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('status', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tracker' }).waitFor()
  })

  it('keeps what was typed when the session ends in the middle of a form', async () => {
    await using visitor = await visit(browser, playground, 'developer')
    const { page, context } = visitor
    await visitor.open('/connectors/tracker?tab=edit', 'Tracker')
    // Here and at the company: the sign-in asks who it is.
    await context.clearCookies()
    // What will be sent is composed as one types: that is the first to hear that nobody is signed in.
    await fill(page, 'Display Name', 'Typed before the end')
    await page.getByRole('dialog', { name: 'You were signed out' }).waitFor()
    await visitor.look('session-ended')
    assert.equal(await page.locator('[role=alert]').count(), 0, 'one thing is asked, and nothing stands behind it')
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Sign in in a new tab' }).click()
    const other = await opened
    await signIn(other, playground.file.people.find(({ role }) => role === 'developer') ?? assert.fail())
    await page.getByRole('dialog', { name: 'You were signed out' }).waitFor({ state: 'hidden' })
    assert.equal(await page.getByLabel('Display Name', { exact: true }).inputValue(), 'Typed before the end')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await told(page, 'Typed before the end was saved.')
  })

  it('tests a connector with the developer’s own account, and sends a call', async () => {
    const { page } = dev
    const person = playground.file.people.find(({ role }) => role === 'developer') ?? assert.fail()
    await dev.open('/connectors/orbit?tab=test', 'Orbit CRM')
    await page.getByText('Unauthorized').waitFor()
    await page.getByRole('link', { name: 'Generate token' }).click()
    await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
    await page.waitForURL(`${playground.file.provider_url}/**`)
    await signIn(page, person)
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Orbit CRM is connected' }).waitFor()
    await dev.open('/connectors/orbit?tab=test', 'Orbit CRM')
    await page.getByText('Authorized', { exact: true }).waitFor()
    await fill(page, 'Path', '/me')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('dev@orbit.example').first().waitFor()
    await dev.look('connector-test')
    await ada.open('/connectors/orbit?tab=people', 'Orbit CRM')
    await ada.page.getByText('dev@orbit.example').waitFor()
    await ada.look('connector-people')
  })

  it('tries an action with the developer’s own connection', async () => {
    const { page } = dev
    await dev.open('/plugins/sales-assistant?tab=try', 'Sales assistant')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('heading', { name: 'Output' }).waitFor()
    await page.getByText('"name"').first().waitFor()
    await dev.look('plugin-try')
  })

  it('leads a plugin from its manifest to a launch, with form and JSON that agree', async () => {
    const { page } = dev
    await dev.open('/plugins/new', 'New plugin')
    await fill(page, /^Name/, 'meeting-notes')
    await fill(page, 'Display Name', 'Meeting notes')
    await page.getByRole('button', { name: 'Add a connector' }).click()
    await page
      .getByLabel(/^Connector/)
      .first()
      .fill('orbit')
    await page.keyboard.press('Escape')
    await fill(page, 'Scope', 'contacts.read')
    await page.getByText('JSON', { exact: true }).click()
    const json = page.getByRole('textbox', { name: 'JSON' })
    assert.match(await json.inputValue(), /"connector": "orbit"/)
    await dev.look('plugin-json')
    await page.getByText('Form', { exact: true }).click()
    await page.getByRole('button', { name: 'Create the plugin' }).click()
    await page.getByRole('heading', { level: 1, name: 'Meeting notes' }).waitFor()
    await page.getByRole('button', { name: 'Publish as a version' }).click()
    await told(page, /Version 1 is published/)
    await dev.look('plugin-manifest')
    await tab(page, 'Launches')
    await dev.look('plugin-not-launched')
    await page.getByRole('button', { name: 'Launch …', exact: true }).click()
    await page.getByRole('button', { name: 'Me', exact: true }).click()
    await page.getByText('1 person; log redaction: standard').waitFor()
    await fill(page, /^Why/, 'To try it myself first')
    await dev.look('launch-dialog')
    await page.getByRole('button', { name: 'Launch', exact: true }).click()
    await told(page, 'Meeting notes is live for 1 person.')
    await fill(page, 'Is somebody in?', 'una@acme.example')
    await page.getByRole('button', { name: 'Look', exact: true }).click()
    await page.getByText('The plugin is not live for this person.').waitFor()
    await fill(page, 'Is somebody in?', 'dev@acme.example')
    await page.getByRole('button', { name: 'Look', exact: true }).click()
    await page.getByText('The plugin is live for this person.').waitFor()
    await page.getByText('Version 1: reached').waitFor()
    await dev.look('plugin-launches')
    await tab(page, 'Keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await fill(page, /^Label/, 'laptop')
    await dev.look('new-key')
    await page.getByRole('button', { name: 'Make the key' }).click()
    pluginKey = (await page.getByRole('dialog').getByText(/bhp_/).textContent()) ?? ''
    await dev.look('key-made', 'unseen')
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await dev.look('plugin-keys')
  })

  it('says before an admin launches to everyone that strict redaction is enforced, and why', async () => {
    const { page } = ada
    await ada.open('/plugins/meeting-notes?tab=launches', 'Meeting notes')
    await page.getByRole('button', { name: 'Launch …', exact: true }).click()
    const people = Array.from({ length: 11 }, (_, index) => `person${index}@acme.example`).join('\n')
    await fill(page, 'E-mail addresses', people)
    await page.getByText(/people; strict log redaction is enforced because this is more than 10/).waitFor()
    await ada.look('launch-strict')
    await page.getByLabel('For whom').selectOption({ label: 'Everyone' })
    await page.getByText(/can grow by itself/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await tab(page, 'Rights')
    await page.getByLabel('Accepted token recipients').fill('https://assistant.acme.example')
    await page.getByLabel('Everyone it is launched to').check()
    await page.getByLabel('Token release').fill('orbit')
    await ada.look('plugin-rights')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const release = page.getByRole('dialog', { name: 'Release tokens to this plugin?' })
    await release.getByText(/access tokens for orbit/).waitFor()
    await ada.look('release-tokens')
    await release.getByRole('button', { name: 'Release tokens' }).click()
    await told(page, 'The rights are saved.')
    await ada.open('/plugins/meeting-notes?tab=rights', 'Meeting notes')
    assert.equal(await page.getByLabel('Token release').inputValue(), 'orbit')
    assert.equal(await page.getByLabel('Accepted token recipients').inputValue(), 'https://assistant.acme.example')
    assert.equal(await page.getByLabel('Everyone it is launched to').isChecked(), true)
    await tab(page, 'Versions')
    await page.getByText('The first version.').waitFor()
    await ada.look('plugin-versions')
    await page.getByRole('button', { name: 'Restore into the draft' }).click()
    await told(page, /^Version 1 is in the draft again/)
  })

  it('says on a call what was removed of it before it was written, where, and under which policy', async () => {
    const { page } = ada
    const called = await fetch(`${playground.file.url}/gateway/orbit/me`, {
      headers: { authorization: `Bearer ${pluginKey}`, 'behalf-subject': 'dev@acme.example' },
    })
    assert.equal(called.status, 200)
    await ada.open('/logs?plugin=meeting-notes', 'Logs')
    await page.getByRole('button', { name: /GET/ }).first().click()
    const detail = page.getByRole('dialog', { name: 'Call' })
    await detail.getByText('Standard: personal data is masked').waitFor()
    await detail
      .getByRole('listitem')
      .filter({ hasText: /Response body: an e-mail address, .*\/email/ })
      .waitFor()
    await detail.getByText('<REDACTED>').first().waitFor()
    assert.doesNotMatch((await detail.textContent()) ?? '', /dev@orbit\.example|bhp_/)
    await ada.look('log-entry-standard')
    await detail.getByRole('button', { name: 'Close' }).click()
  })

  it('asks one person for a debug window, and says so where they are switched off', async () => {
    const { page } = dev
    await dev.open('/plugins/meeting-notes?tab=debug', 'Meeting notes')
    await page.getByText('Debug windows are switched off').waitFor()
    await ada.open('/settings/logging', 'Settings')
    await ada.page.getByRole('switch', { name: 'Developers may ask people for debug windows' }).check()
    await ada.page.getByRole('button', { name: 'Save' }).first().click()
    await told(ada.page, 'The settings are saved.')
    await dev.load('/plugins/meeting-notes?tab=debug', 'Meeting notes')
    await fill(page, /^Why/, 'Contacts come back empty')
    await page.getByRole('button', { name: 'Ask for a debug window' }).click()
    await told(page, 'The person is asked on the connections page.')
    await page.getByRole('cell', { name: 'Contacts come back empty' }).waitFor()
    await dev.look('plugin-debug')
  })

  it('ends one launch and all of them only with a reason, which the history keeps', async () => {
    const { page } = ada
    await ada.open('/plugins/meeting-notes?tab=launches', 'Meeting notes')
    await page.getByRole('button', { name: 'End', exact: true }).click()
    const one = page.getByRole('dialog', { name: 'End this launch?' })
    const end = one.getByRole('button', { name: 'End the launch' })
    assert.equal(await end.isDisabled(), true, 'why is not said yet')
    await one.getByLabel('Why').fill('Tried long enough')
    await ada.look('launch-end')
    await end.click()
    await told(page, 'The launch has ended.')
    await page.getByText('→ Tried long enough').waitFor()
    await page.getByRole('button', { name: 'Launch …', exact: true }).click()
    await page.getByRole('button', { name: 'Me', exact: true }).click()
    await page.getByText('1 person; log redaction: standard').waitFor()
    await page.getByRole('dialog').getByLabel(/^Why/).fill('Once more')
    await page.getByRole('button', { name: 'Launch', exact: true }).click()
    await told(page, 'Meeting notes is live for 1 person.')
    await page.getByRole('button', { name: 'Unlaunch …' }).click()
    const all = page.getByRole('dialog', { name: 'Unlaunch Meeting notes?' })
    const unlaunch = all.getByRole('button', { name: 'Unlaunch', exact: true })
    await all.getByLabel('Type meeting-notes to confirm').fill('meeting-notes')
    assert.equal(await unlaunch.isDisabled(), true, 'why is not said yet')
    await all.getByLabel('Why').fill('It asked for too much')
    await ada.look('unlaunch')
    await unlaunch.click()
    await told(page, 'Meeting notes is not live for anybody any more.')
    await page.getByText('→ It asked for too much').waitFor()
  })

  it('asks for the name before it ends what cannot be brought back', async () => {
    const { page } = ada
    await ada.load('/connectors/tracker')
    await page.getByRole('button', { name: 'Retire …' }).click()
    const retire = page.getByRole('dialog').getByRole('button', { name: 'Retire the connector' })
    assert.equal(await retire.isDisabled(), true)
    await ada.look('retire-connector')
    await page.getByLabel('Type tracker to confirm').fill('tracker')
    await retire.click()
    await page.getByRole('heading', { level: 1, name: 'Connectors' }).waitFor()
    await ada.look('connectors')
    await ada.open('/plugins/meeting-notes?tab=keys', 'Meeting notes')
    await page.getByRole('button', { name: 'Revoke …' }).click()
    await page.getByLabel('Type laptop to confirm').fill('laptop')
    await page.getByRole('button', { name: 'Revoke the key' }).click()
    await told(page, 'laptop is revoked.')
    await ada.open('/plugins/meeting-notes', 'Meeting notes')
    await page.getByRole('button', { name: 'Retire …' }).click()
    await page.getByLabel('Type meeting-notes to confirm').fill('meeting-notes')
    await ada.look('retire-plugin')
    await page.getByRole('button', { name: 'Retire the plugin' }).click()
    await told(page, 'Meeting notes is retired.')
    await page.getByRole('heading', { level: 1, name: 'Plugins' }).waitFor()
    await ada.look('plugins')
  })

  it('ends a person’s connection by the connector’s name, and a session', async () => {
    const { page } = ada
    await ada.open('/connectors/orbit?tab=people', 'Orbit CRM')
    await page.getByRole('link', { name: 'Dev Rao' }).click()
    await page.getByRole('heading', { level: 1, name: 'Dev Rao' }).waitFor()
    await page.getByText('dev@orbit.example').waitFor()
    const sessions = page.getByRole('button', { name: 'Sign out', exact: true })
    await sessions.first().waitFor()
    const before = await sessions.count()
    assert.ok(before > 1, 'the one that ended in the middle of a form, and others')
    await ada.look('person-with-connections')
    await page.getByRole('button', { name: 'Disconnect …' }).click()
    await page.getByLabel('Type orbit to confirm').fill('orbit')
    await ada.look('ask-disconnect')
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click()
    await told(page, 'Disconnected.')
    await page.getByRole('cell', { name: 'Disconnected' }).waitFor()
    // The newest is of the browser that signed in again in the middle of a form.
    await sessions.first().click()
    await told(page, 'That browser is signed out.')
    await page.waitForFunction(
      `() => [...document.querySelectorAll('button')].filter(each => each.textContent === 'Sign out').length === ${before - 1}`,
    )
  })

  async function connectAgain(): Promise<void> {
    await dev.open('/connectors/orbit?tab=test', 'Orbit CRM')
    await dev.page.getByRole('link', { name: 'Generate token' }).click()
    await dev.page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
    await dev.page.getByRole('button', { name: 'Allow' }).click()
    await dev.page.getByRole('heading', { name: 'Orbit CRM is connected' }).waitFor()
  }

  it('revokes a token of one’s own, pins the issuer a provider names, and disconnects everyone by the connector’s name', async () => {
    const { page } = ada
    await connectAgain()
    await dev.open('/connectors/orbit?tab=test', 'Orbit CRM')
    await dev.page.getByRole('button', { name: 'Revoke token' }).click()
    await dev.page.getByText('Unauthorized', { exact: true }).waitFor()
    // A connector that names no issuer is told the one that its provider was seen to name.
    const orbit = (await (await api('GET', '/connectors/orbit')).json()) as { version: number }
    const changed = await fetch(`${playground.file.url}/api/v1/connectors/orbit`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${playground.file.api_key}`,
        'content-type': 'application/merge-patch+json',
        'if-match': `"${orbit.version}"`,
      },
      body: JSON.stringify({ auth: { issuer: null, iss_required: null } }),
    })
    assert.equal(changed.status, 200, await changed.text())
    await connectAgain()
    await dev.load('/connectors/orbit', 'Orbit CRM')
    await dev.page.getByText(`The third party names itself ${playground.file.provider_url}.`).waitFor()
    await dev.look('connector-issuer')
    await dev.page.getByRole('button', { name: 'Pin this issuer' }).click()
    await dev.page.getByText(/^The third party names itself/).waitFor({ state: 'detached' })
    const pinned = (await (await api('GET', '/connectors/orbit')).json()) as { auth: { issuer?: string } }
    assert.equal(pinned.auth.issuer, playground.file.provider_url)
    await ada.load('/connectors/orbit?tab=people', 'Orbit CRM')
    await page.getByRole('button', { name: 'Disconnect all …' }).click()
    await page.getByLabel('Type orbit to confirm').fill('orbit')
    await ada.look('disconnect-all')
    await page.getByRole('button', { name: 'Disconnect everyone' }).click()
    await told(page, '1 person was disconnected.')
  })

  it('breaks no policy of its own and throws nothing', () => {
    assert.deepEqual([...ada.complaints, ...dev.complaints], [])
  })
})
