import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { TestBroker } from '../../packages/server/test/support/test-broker.ts'
import { createJudging, type Judging, lookAt, lookWithoutScript } from './looker.ts'
import { type PageRig, startPageRig } from './page-rig.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** Every moment of a person's way through the pages, in its order, with or without JavaScript. */
export function walkThePages(javaScriptEnabled: boolean): void {
  const who = 0
  let rig: PageRig
  let broker: TestBroker
  let visitor: Visitor
  let page: Visitor['page']
  let judging: Judging
  /** In effect on all nodes only after a while, which the next test need not wait for. */
  let unlaunched: Promise<unknown> | undefined
  let isWhole = true
  // Each step begins where the one before has led to: once one fails, the rest would only wait for what cannot come.
  const step = (title: string, walk: () => Promise<void> | void) =>
    it(title, async () => {
      assert.ok(isWhole, 'an earlier step failed')
      isWhole = false
      await walk()
      isWhole = true
    })
  before(async () => {
    rig = await startPageRig()
    broker = rig.broker
    visitor = await createVisitor(rig.browser, broker, { person: personAt(who), javaScriptEnabled })
    page = visitor.page
    judging = await createJudging(rig.browser, `${broker.url}/judged`)
  })
  after(async () => {
    await visitor?.[Symbol.asyncDispose]()
    await rig?.[Symbol.asyncDispose]()
  })
  const look = (name: string) => (javaScriptEnabled ? lookAt : lookWithoutScript)(page, name, judging)
  const call = (path: string) =>
    broker.gateway(path, { headers: { 'behalf-subject': personAt(who).email } }).then(answer => answer.text())
  const accountOf = (who: number) => personAt(who).email.replace('@acme.', '@orbit.')
  const personAt = (who: number) => broker.people[who] ?? assert.fail('no such person')
  const subjectOf = async (email: string) => {
    const { items = [] } = (await broker.api('/people?limit=100')).body
    return String(items.find(person => person['email'] === email)?.['id'])
  }

  step('say that there is nothing to connect yet, until a plugin needs something', async () => {
    await visitor.open('/connections')
    await visitor.heading('Nothing to connect yet')
    await look('empty')
    await page.goto(`${broker.url}/history`)
    await visitor.heading('No use yet')
    await look('history-empty')
    await rig.offerOne()
    await visitor.open('/connections')
    await page.getByRole('link', { name: 'Connect Orbit CRM' }).waitFor()
    assert.equal(await page.locator('.card').count(), 1)
    await look('one')
    await rig.offerSystems()
  })

  step('offer what plugins need, and find it by name, plugin and purpose', async () => {
    await visitor.open('/connections')
    await visitor.heading('Connections')
    await page.getByRole('link', { name: 'Connect Field Notes' }).waitFor()
    await look('available')
    const shown = () => page.locator('.card:visible h3').allTextContents()
    for (const [asked, found] of [
      ['orb', ['Orbit CRM']],
      ['meeting', ['Calendar', 'Field Notes']],
      ['suit everyone', ['Calendar']],
    ] as const) {
      await page.getByLabel('Search systems').fill(asked)
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click()
      assert.deepEqual(await shown(), found)
      await page.getByText(found.length === 1 ? '1 system fits' : '2 systems fit').waitFor()
    }
    await page.getByLabel('Search systems').fill('nothing like that')
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('No system fits “nothing like that”.').waitFor()
    await page.goto(`${broker.url}/connections?q=orb`)
    assert.deepEqual(await shown(), ['Orbit CRM'])
    await look('search-one')
    await page.goto(`${broker.url}/connections?q=nothing`)
    await look('search-none')
    await page.getByRole('link', { name: 'Show all systems' }).click()
    assert.deepEqual(await shown(), ['Calendar', 'Field Notes', 'Orbit CRM'])
  })

  step('say before leaving which system, which plugin and why, which rights, and where one goes next', async () => {
    await page.getByRole('link', { name: 'Connect Orbit CRM' }).click()
    await visitor.heading('Connect Orbit CRM for Sales assistant?')
    await page.getByText('It looks up your contacts when you ask it to.').waitFor()
    await page.getByText(/Your IT team launched it to you on \d+ \w+\./).waitFor()
    await page.getByText('Read contacts').waitFor()
    await page.getByText(`Next: ${new URL(broker.provider.url).host}. Sign in there with the account`).waitFor()
    await page.getByText('The plugin never sees the access itself').waitFor()
    await look('confirm')
    await page.getByRole('link', { name: 'Not now' }).click()
    await visitor.heading('Connections')
  })

  step('show a way on to browsers that do not move on by themselves', async () => {
    await visitor.begin('orbit')
    await visitor.heading('On to Orbit CRM …')
    await look('leaving')
    await page.getByRole('link', { name: 'Continue to Orbit CRM' }).click()
    await visitor.consent({ cancel: true })
  })

  step('say that a cancelled consent changed nothing, and lead back', async () => {
    await visitor.heading('Orbit CRM was not connected')
    await look('cancelled')
    await page.getByRole('link', { name: 'Try again' }).click()
    await visitor.heading('Connect Orbit CRM for Sales assistant?')
  })

  step('say what fewer rights than asked mean, and how to allow the rest', async () => {
    await visitor.connect('orbit', { without: 'Read your contacts' })
    await page.getByText('Orbit CRM is connected with fewer rights than asked').waitFor()
    await look('fewer-rights')
    await page.getByRole('link', { name: 'Allow the rest' }).click()
    await visitor.heading('Reconnect Orbit CRM for Sales assistant?')
    await page.getByText('Read contacts New').waitFor()
    await page.getByText(`Next: ${new URL(broker.provider.url).host}, as ${accountOf(who)}`).waitFor()
    await look('confirm-again')
    await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
    await visitor.consent()
  })

  step('come back connected, on the page that asked, as whom and who goes on', async () => {
    await page.getByText(`As ${accountOf(who)}. Sales assistant goes on by itself.`).waitFor()
    assert.match(page.url(), /\/connections\/result\/[0-9a-f]{64}$/, 'no code is left in the address bar')
    await look('connected')
    await page.getByText(`Connected as ${accountOf(who)} since`).waitFor()
    await page.getByText('For Sales assistant; not used yet').waitFor()
  })

  step('tell which plugin used it and when, in the reader’s zone or in UTC, with the exact time at hand', async () => {
    await call('me')
    await call('nowhere')
    await until(async () => {
      await page.goto(`${broker.url}/connections`)
      return page.getByText('Used by Sales assistant, last just now').isVisible()
    })
    await page.getByText('Details').click()
    const time = page.locator('dt:has-text("Used by") + dd time')
    const at = new Date((await time.getAttribute('datetime')) ?? '')
    const zone = javaScriptEnabled ? 'Asia/Tokyo' : 'UTC'
    const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
    assert.equal(await time.textContent(), exact.format(at) + (javaScriptEnabled ? '' : ' UTC'))
    if (javaScriptEnabled) assert.match((await time.getAttribute('title')) ?? '', /(GMT\+9|Japan|JST)/)
    await page.getByText('New: Sales assistant began to use it just now.').waitFor()
    await look('details')
    await page.getByRole('button', { name: 'Got it' }).click()
    await page.getByText('New: Sales assistant began').waitFor({ state: 'detached' })
  })

  step('keep a history of uses without their content, by system, and as a file', async () => {
    await until(async () => {
      await page.goto(`${broker.url}/history`)
      return (await page.locator('tbody tr').count()) === 2
    })
    await page.getByText('Sales assistant with Orbit CRM').waitFor()
    await page.getByText('2 times, last just now').waitFor()
    await page.getByRole('row', { name: /Sales assistant Orbit CRM Done/ }).waitFor()
    await page.getByRole('row', { name: /Sales assistant Orbit CRM Refused there/ }).waitFor()
    await look('history')
    await page.getByLabel('System').selectOption('Orbit CRM')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.waitForURL(/system=orbit/)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ])
    assert.equal(file.suggestedFilename(), 'history.csv')
    const lines = (await readAll(await file.createReadStream())).split('\r\n')
    assert.equal(lines[0], 'Time (UTC),Plugin,System,Result,HTTP status')
    assert.match(lines[2] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z,Sales assistant,Orbit CRM,Done,200$/)
    assert.equal(lines.length, 4)
  })

  step('turn the pages of a long history', async () => {
    for (let calls = 0; calls < 50; calls += 10) await Promise.all(Array.from({ length: 10 }, () => call('me')))
    await until(async () => {
      await page.goto(`${broker.url}/history`)
      return page.getByRole('link', { name: 'Older' }).isVisible()
    })
    assert.equal(await page.locator('tbody tr').count(), 50)
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByRole('link', { name: 'Newest' }).waitFor()
    assert.equal(await page.locator('tbody tr').count(), 2)
    await look('history-older')
  })

  step('ask before anybody looks at one’s calls, and let one end it', async () => {
    await rig.askForDebugWindow(personAt(who).email)
    await page.goto(`${broker.url}/connections`)
    await page.getByRole('heading', { name: 'Requests to you 1' }).waitFor()
    await page.getByText('Their reason: “Contacts come back empty”').waitFor()
    await look('request')
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByText('Calls of Sales assistant for you are being looked at').waitFor()
    await look('request-open')
    await page.getByRole('button', { name: 'End it now' }).click()
    await page.getByRole('heading', { name: 'Requests to you' }).waitFor({ state: 'detached' })
    await rig.askForDebugWindow(personAt(who).email)
    await page.goto(`${broker.url}/connections`)
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('heading', { name: 'Requests to you' }).waitFor({ state: 'detached' })
  })

  step('ask before calls are kept word for word, and let one take it back', async () => {
    await rig.askAgreement(personAt(who).email)
    await page.goto(`${broker.url}/connections`)
    await page.getByRole('heading', { name: 'Trip finder is being tried out with you' }).waitFor()
    await page.getByText('Their reason: “Two trips were booked on the wrong day”').waitFor()
    await look('agreement')
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByRole('heading', { name: 'Calls of Trip finder for you are kept word for word' }).waitFor()
    await look('agreement-given')
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByRole('heading', { name: 'Trip finder is being tried out with you' }).waitFor()
    unlaunched = broker.api('/plugins/trip-finder/launches?reason=tried', { method: 'DELETE' })
  })

  step('say why a connect failed, with the system’s own words', async () => {
    await unlaunched
    const asked = await visitor.begin('orbit')
    const answer = new URLSearchParams({
      state: asked.searchParams.get('state') ?? '',
      iss: broker.provider.url,
      error: 'invalid_scope',
      error_description: 'The scope contacts.read is not enabled for this client.',
    })
    await page.goto(`${broker.url}/auth/oauthCallback/orbit?${answer}`)
    await visitor.heading('Orbit CRM could not be connected')
    await page.getByText('Your IT team has to look at it.').waitFor()
    await look('failed')
  })

  step('replace no account by another one without being asked', async () => {
    await visitor.context.clearCookies({ domain: 'localhost', name: /^orbit_/ })
    await visitor.connect('orbit', { as: personAt(2) })
    await visitor.heading('Another Orbit CRM account than before')
    await look('other-account')
    await page.getByRole('button', { name: `Keep ${accountOf(who)}` }).click()
    await page.getByRole('status').getByText('Orbit CRM is connected').waitFor()
    await page
      .locator('.card')
      .getByText(`Connected as ${accountOf(who)}`)
      .waitFor()
    await visitor.context.clearCookies({ domain: 'localhost', name: /^orbit_/ })
  })

  step('say that a link is over or meant for somebody else, and what to do', async () => {
    const made = async (who: number) => {
      const body = { subject: await subjectOf(personAt(who).email), connector: 'other', expires_in: 60 }
      return String((await broker.api('/connect-links', { method: 'POST', body })).body['url'])
    }
    const mine = await made(who)
    await page.goto(mine)
    await visitor.heading('Connect Field Notes for Meeting planner?')
    broker.advance(61_000)
    await page.goto(mine)
    await visitor.heading('This link is over')
    await look('link-over')
    await page.goto(await made(1))
    await visitor.heading('This was meant for somebody else')
    await page.getByText(`You are signed in as ${personAt(who).email}.`).waitFor()
    await look('wrong-person')
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await visitor.heading('Sign out?')
    await look('sign-out')
    await page.getByRole('link', { name: 'Stay signed in' }).click()
    await visitor.heading('Connections')
  })

  step('finish a connect only in its own browser, and only while one is signed in', async () => {
    const back = async (name: 'behalf_browser' | 'behalf_session') => {
      const asked = await visitor.begin('other')
      await visitor.dropCookie(name)
      const answer = new URLSearchParams({ state: asked.searchParams.get('state') ?? '', code: 'none' })
      await page.goto(`${broker.url}/auth/oauthCallback/other?${answer}`)
    }
    await back('behalf_browser')
    await visitor.heading('This was begun in another browser')
    await look('wrong-browser')
    await page.getByRole('link', { name: 'Start again' }).click()
    await visitor.heading('Connect Field Notes for Meeting planner?')
    await back('behalf_session')
    await visitor.heading('You were signed out meanwhile')
    await look('signed-out-meanwhile')
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await visitor.heading('Connect Field Notes for Meeting planner?')
  })

  step(
    'lead through every system that a plugin waits for, with a site to choose on the way, and on to where it goes on',
    async () => {
      await page.goto(await rig.startPlanner(personAt(who).email))
      await visitor.heading('Meeting planner needs 2 systems')
      await look('many')
      await page.getByRole('link', { name: 'Connect Calendar' }).click()
      await page.getByRole('button', { name: 'Continue to Calendar' }).click()
      await visitor.consent({ cancel: true })
      await visitor.heading('Calendar was not connected')
      // What was given up once is taken up again for the same plugin, and ends where it was begun.
      await page.getByRole('link', { name: 'Try again' }).click()
      await visitor.heading('Connect Calendar for Meeting planner?')
      await page.getByRole('button', { name: 'Continue to Calendar' }).click()
      await visitor.consent()
      await visitor.heading('Which Calendar site?')
      await look('sites')
      await page.getByRole('radio', { name: 'Northwind' }).check()
      await page.getByRole('button', { name: 'Use this site' }).click()
      await visitor.heading('Meeting planner needs 2 systems')
      await page.getByRole('listitem').filter({ hasText: 'Calendar' }).getByText('Connected').waitFor()
      await look('many-one-connected')
      await page.getByRole('link', { name: 'Connect Field Notes' }).click()
      await page.getByRole('button', { name: 'Continue to Field Notes' }).click()
      await visitor.consent()
      await visitor.heading('Field Notes is connected')
      await look('connected-onward')
      await page.getByRole('link', { name: 'Go on' }).click()
      await visitor.heading('Meeting planner has all it needs')
      await look('many-done')
      await page.getByRole('link', { name: 'Back to your connections' }).click()
      await page.getByText('Connected as Northwind since').waitFor()
    },
  )

  step('tell before a disconnect what stops, and afterwards what became of each token', async () => {
    await page.getByRole('link', { name: 'Disconnect Field Notes' }).click()
    await visitor.heading('Disconnect Field Notes?')
    await page.getByText('Meeting planner will not be able to use Field Notes in your name any more.').waitFor()
    await look('disconnect')
    await page.getByRole('button', { name: 'Disconnect Field Notes' }).click()
    await visitor.heading('Field Notes is disconnected here')
    await page.getByText('we keep trying until').waitFor()
    await page.getByText('Tried once.').first().waitFor()
    const there = page.getByRole('link', { name: 'Remove it in Field Notes' })
    assert.equal(await there.getAttribute('href'), `${broker.provider.url}/apps`)
    await look('disconnected-pending')
  })

  step('tell that a system without revocation was told nothing', async () => {
    await page.goto(`${broker.url}/connections`)
    await page.getByRole('link', { name: 'Disconnect Calendar' }).click()
    await page.getByText('Calendar offers no way to end the access from here').waitFor()
    await page.getByRole('button', { name: 'Disconnect Calendar' }).click()
    await visitor.heading('Calendar is disconnected here')
    await look('disconnected-unconfirmed')
  })

  step('put first what needs attention', async () => {
    broker.provider.endGrants(accountOf(who))
    await call('me')
    await page.goto(`${broker.url}/connections`)
    const first = page.locator('section').first()
    assert.match((await first.getByRole('heading', { level: 2 }).textContent()) ?? '', /^Needs your attention 3$/)
    await first.getByText(/Connected on .*, but Orbit CRM no longer accepts it/).waitFor()
    await first.getByText('Sales assistant cannot use it until you reconnect.').waitFor()
    await first.getByText('Disconnected here. Field Notes has not confirmed it yet').waitFor()
    await first.getByText('Disconnected here, not confirmed by Calendar').waitFor()
    await look('attention')
    await first.getByRole('link', { name: 'What was done about Field Notes' }).click()
    await visitor.heading('Field Notes is disconnected here')
    await page.getByRole('link', { name: 'Back to your connections' }).click()
    await first.getByRole('link', { name: 'Connect it again: Field Notes' }).click()
    await visitor.heading('Connect Field Notes for Meeting planner?')
    await page.getByRole('link', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Dismiss Calendar' }).click()
    await page.getByRole('link', { name: 'Connect Calendar' }).waitFor()
    assert.equal(await first.getByRole('listitem').count(), 2)
  })

  step('reconnect, and end for good where the system confirms it', async () => {
    await page.goto(`${broker.url}/connections`)
    await page.getByRole('link', { name: 'Reconnect Orbit CRM' }).click()
    await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
    await visitor.consent()
    await page.getByText('Orbit CRM is connected').waitFor()
    await page.getByRole('link', { name: 'Disconnect Orbit CRM' }).click()
    await page.getByRole('button', { name: 'Disconnect Orbit CRM' }).click()
    await visitor.heading('Orbit CRM is disconnected')
    await page.getByText('Orbit CRM ended it.').first().waitFor()
    await look('disconnected')
    await page.getByRole('link', { name: 'Back to your connections' }).click()
    await page.getByRole('link', { name: 'Connect Orbit CRM' }).waitFor()
  })

  step('show where one is signed in, and sign out elsewhere', async () => {
    await using elsewhere = await createVisitor(rig.browser, broker, { person: personAt(who), javaScriptEnabled })
    await elsewhere.open('/connections')
    await page.goto(`${broker.url}/sessions`)
    await page
      .getByText(/Chrome on (Linux|macOS|Windows)/)
      .first()
      .waitFor()
    await look('sessions')
    await page
      .getByRole('button', { name: /^Sign out Chrome on .*, signed in .* UTC$/ })
      .last()
      .click()
    await page.getByText('Signed out in 1 other browser.').waitFor()
    assert.equal(await page.locator('.card').count(), 2)
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await page.getByText('Signed out in 1 other browser.').waitFor()
    await page.getByText('You are signed in nowhere else.').waitFor()
    await look('sessions-ended')
    const answer = await elsewhere.context.request.get(`${broker.url}/connections`, { maxRedirects: 0 })
    assert.equal(answer.status(), 303, 'the other browser has to sign in again')
  })

  step('take the first admin’s code, and say when it is wrong', async () => {
    await page.goto(`${broker.url}/auth/claim`)
    await look('claim')
    await page.getByLabel('One-time code').fill('not-the-code')
    await page.getByRole('button', { name: 'Become an admin' }).click()
    await page.getByText('That is not the code, or it was used already.').waitFor()
    await look('claim-wrong')
    await page.getByLabel('One-time code').fill(broker.claimCode)
    await page.getByRole('button', { name: 'Become an admin' }).click()
    await visitor.heading('You are an admin now')
    await page.getByRole('link', { name: 'Studio', exact: true }).waitFor()
    await look('claim-done')
  })

  step('say what a missing page and a cancelled or refused sign-in mean', async () => {
    await page.goto(`${broker.url}/nowhere`)
    await visitor.heading('There is nothing here')
    await look('not-found')
    await page.goto(`${broker.url}/auth/ssoCallback?state=none&code=none`)
    await visitor.heading('The sign-in did not work')
    await look('sign-in-refused')
    const begun = await page.request.get(`${broker.url}/auth/login?return_to=/history`, { maxRedirects: 0 })
    const state = new URL(begun.headers()['location'] ?? '').searchParams.get('state') ?? ''
    const answer = new URLSearchParams({ state, iss: broker.sso.url, error: 'access_denied' })
    await page.goto(`${broker.url}/auth/ssoCallback?${answer}`)
    await visitor.heading('You are not signed in')
    await look('sign-in-cancelled')
    assert.match(
      (await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')) ?? '',
      /return_to=%2Fhistory$/,
    )
  })

  step('sign out here and at the company, leaving the connections', async () => {
    await page.goto(`${broker.url}/connections`)
    const away = `${broker.sso.url}/**`
    // No content: the browser stays where it is.
    await page.route(away, route => route.fulfill({ status: 204 }))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await visitor.heading('Signing you out')
    await look('signing-out')
    await page.unroute(away)
    await page.getByRole('link', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await visitor.heading('You are signed out')
    await look('signed-out')
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.getByLabel('Password').waitFor()
  })

  step('say that they will be back where the database fails', async () => {
    await broker.database.run('ALTER TABLE sign_in_requests RENAME TO away')
    await page.goto(`${broker.url}/auth/login`)
    await visitor.heading('We will be back in a moment')
    await broker.database.run('ALTER TABLE away RENAME TO sign_in_requests')
    await look('maintenance')
  })

  step('say that the company sign-in does not answer', async () => {
    await broker.sso[Symbol.asyncDispose]()
    await broker.restart()
    await page.goto(`${broker.url}/auth/login`)
    await visitor.heading('Signing in is not possible right now')
    await look('sign-in-unavailable')
  })

  step('cause no breach of their policy, no error and no request to anywhere else', () => {
    assert.deepEqual(visitor.faults, [])
  })
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) if (await holds()) return
  assert.fail('it did not come about')
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
