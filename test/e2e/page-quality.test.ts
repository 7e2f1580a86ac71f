import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Locator, Response } from 'playwright-core'
import { judge } from '../support/axe.ts'
import { fits, lookAt, shoot } from '../support/looker.ts'
import { type PageRig, startPageRig } from '../support/page-rig.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'

const MOST_BYTES = 40_000
const MOST_SCRIPT = 8_192

describe('a connections page of forty systems', () => {
  let rig: PageRig
  let visitor: Visitor
  let page: Visitor['page']
  const open = (path: string) => page.goto(rig.broker.url + path)
  before(async () => {
    rig = await startPageRig()
    await rig.offerSystems()
    await rig.offerMore(37)
    const person = rig.broker.people[0] ?? assert.fail('nobody')
    visitor = await createVisitor(rig.browser, rig.broker, { person, javaScriptEnabled: true })
    page = visitor.page
    await visitor.open('/connections')
  })
  after(async () => {
    await visitor?.[Symbol.asyncDispose]()
    await rig?.[Symbol.asyncDispose]()
  })

  it('shows all of them, and none that nobody has approved or that no plugin of this person needs', async () => {
    assert.equal(await page.locator('.card').count(), 40)
    assert.equal(await page.getByText(/Unapproved|Unneeded/).count(), 0)
    await lookAt(page, 'forty')
  })

  it('weighs less than 40 KB with its style and its script of less than 8 KB, and comes from one origin', async t => {
    const answers: { readonly url: string; readonly bytes: number }[] = []
    const weigh = async (response: Response) => {
      if (!response.url().startsWith('data:'))
        answers.push({ url: response.url(), bytes: (await response.body()).length })
    }
    page.on('response', weigh)
    await page.route('**/*', route =>
      route.continue({ headers: { ...route.request().headers(), 'cache-control': 'no-cache' } }),
    )
    await open('/connections')
    await page.unroute('**/*')
    page.off('response', weigh)
    const sum = answers.reduce((bytes, answer) => bytes + answer.bytes, 0)
    for (const { url, bytes } of answers) t.diagnostic(`${new URL(url).pathname}: ${bytes} bytes`)
    assert.equal(answers.length, 5, 'the page, its style, its script, a logo and an icon')
    assert.ok(sum < MOST_BYTES, `${sum} bytes`)
    assert.ok((answers.find(({ url }) => url.endsWith('.js'))?.bytes ?? 0) < MOST_SCRIPT)
  })

  it('carries the organization’s logo and a system’s icon from its own origin, where an SVG runs nothing', async () => {
    await open('/connections')
    const images = page.locator('img')
    assert.equal(await images.count(), 2)
    for (const image of await images.all()) {
      assert.ok(await image.evaluate(element => (element as unknown as { naturalWidth: number }).naturalWidth > 0))
      const answer = await page.request.get(rig.broker.url + (await image.getAttribute('src')))
      assert.match(answer.headers()['content-security-policy'] ?? '', /default-src 'none'.*sandbox/)
    }
    for (const hostile of [
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
      '<svg xmlns="http://www.w3.org/2000/svg"><use href="https://evil.example/x#a"/></svg>',
    ]) {
      const body = { media_type: 'image/svg+xml', data: Buffer.from(hostile).toString('base64') }
      assert.equal((await rig.broker.api('/organization/logo', { method: 'PUT', body })).status, 400, hostile)
    }
  })

  it('paints', async t => {
    const read = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
    const painted: number[] = []
    for (let times = 0; times < 5; times += 1) {
      await open('/connections')
      let at = -1
      for (let tries = 0; at < 0 && tries < 1_000; tries += 1) at = await page.evaluate<number>(read)
      assert.ok(at > 0, 'the browser told no paint')
      painted.push(Math.round(at))
    }
    t.diagnostic(`first contentful paint: ${painted.sort((a, b) => a - b).join(', ')} ms`)
  })

  it('is used by keyboard alone, with the focus in sight', async () => {
    await open('/connections')
    const focused = page.locator(':focus')
    const tab = async () => {
      await page.keyboard.press('Tab')
      assert.equal(await styleOf(focused, 'outlineStyle'), 'solid')
      assert.equal(await styleOf(focused, 'outlineWidth'), '3px')
      assert.ok(await focused.isVisible())
    }
    await tab()
    assert.equal(await focused.textContent(), 'Skip to the content')
    await page.keyboard.press('Enter')
    assert.equal(await focused.getAttribute('id'), 'main')
    await tab()
    await page.keyboard.type('orbit')
    assert.equal(await page.locator('.card:visible').count(), 1)
    await tab()
    await tab()
    assert.equal(await focused.getAttribute('aria-label'), 'Connect Orbit CRM')
    await page.keyboard.press('Enter')
    await visitor.heading('Connect Orbit CRM for Sales assistant?')
    const button = page.getByRole('button', { name: 'Continue to Orbit CRM' })
    for (let tabs = 0; tabs < 20 && !(await button.evaluate(element => element.matches(':focus'))); tabs += 1)
      await tab()
    await page.keyboard.press('Enter')
    await visitor.consent({ cancel: true })
    await visitor.heading('Orbit CRM was not connected')
  })

  it('reads at 400 % and with the wider spacing of WCAG 1.4.12', async () => {
    await open('/connections')
    await page.setViewportSize({ width: 320, height: 256 })
    await fits(page, '400 %')
    await page.getByRole('link', { name: 'Connect Orbit CRM' }).scrollIntoViewIfNeeded()
    assert.ok(await page.getByRole('link', { name: 'Connect Orbit CRM' }).isVisible())
    const spacing = { 'letter-spacing': '.12em', 'word-spacing': '.16em', 'line-height': '1.5' }
    for (const [property, value] of Object.entries(spacing))
      await page
        .locator('html')
        .evaluate((root, [name, wanted]) => root.style.setProperty(name, wanted), [property, value] as const)
    await fits(page, 'wide spacing')
    await page.setViewportSize({ width: 1200, height: 800 })
  })

  it('runs from right to left', async () => {
    await open('/connections')
    await page.locator('html').evaluate(root => root.setAttribute('dir', 'rtl'))
    for (const width of [1200, 390, 320]) {
      await page.setViewportSize({ width, height: 800 })
      await fits(page, 'right to left')
      const mark = await page.locator('.mark').boundingBox()
      assert.ok((mark?.x ?? 0) > width / 2, 'begins at the right')
    }
    await shoot(page, 'right-to-left-phone-light')
    await page.setViewportSize({ width: 1200, height: 800 })
  })

  it('keeps still where motion is not wanted', async () => {
    await open('/connections')
    const duration = () => styleOf(page.locator('.calm').first(), 'transitionDuration')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    assert.notEqual(await duration(), '0s')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    assert.equal(await duration(), '0s')
    await page.emulateMedia({ reducedMotion: null })
  })

  it('keeps its edges in forced colours', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    await open('/connections')
    for (const part of ['.card', '.calm', '.icon', 'input']) {
      const edge = await styleOf(page.locator(part).first(), 'borderTopWidth')
      assert.equal(edge, '1px', part)
    }
    await judge(page, 'forced colours')
    await shoot(page, 'forced-colours-desktop')
    await open('/connectors/orbit/connect')
    assert.equal(await styleOf(page.locator('.quiet.big'), 'borderTopWidth'), '1px')
    await judge(page, 'a question in forced colours')
    await shoot(page, 'forced-colours-confirm-desktop')
    await page.emulateMedia({ forcedColors: null })
  })

  it('prints what is said, without what only works on a screen', async () => {
    await open('/connections')
    await page.emulateMedia({ media: 'print' })
    for (const part of ['nav', '.search', '.calm', '.me'])
      assert.equal(await page.locator(part).first().isVisible(), false)
    assert.ok(await page.getByRole('heading', { name: 'Orbit CRM' }).isVisible())
    await shoot(page, 'print-desktop-light')
    await page.emulateMedia({ media: null })
    await open('/connectors/orbit/connect')
    await page.emulateMedia({ media: 'print' })
    for (const said of ['Your password goes to Orbit CRM only', `Next: ${new URL(rig.broker.provider.url).host}`])
      assert.ok(await page.getByText(said).isVisible(), said)
    for (const part of ['.button', 'main .quiet']) assert.equal(await page.locator(part).isVisible(), false, part)
    await shoot(page, 'print-confirm-desktop-light')
    await page.emulateMedia({ media: null })
  })

  it('asks what a system needs to know, keeps what was written, and says what does not fit', async () => {
    await rig.offerUnusual(rig.broker.people[0]?.email ?? '')
    await open('/connectors/shop/connect')
    await page.getByText('The part before the first dot of its address.').waitFor()
    await lookAt(page, 'confirm-asked')
    await page.getByLabel('Your shop').fill('not a shop')
    await page.getByLabel('Region').selectOption('America')
    await page.getByRole('button', { name: 'Continue to Shop' }).click()
    await page.getByText('That does not fit. Check it, then go on.').waitFor()
    assert.equal(await page.locator(':focus').getAttribute('id'), 'variable-shop')
    assert.equal(await page.getByLabel('Your shop').inputValue(), 'not a shop')
    assert.equal(await page.getByLabel('Region').inputValue(), 'America')
    assert.equal(await page.getByLabel('Your shop').getAttribute('aria-invalid'), 'true')
    await lookAt(page, 'confirm-wrong-answer')
  })

  it('names every plugin that asks, and the one that may be handed the access itself', async () => {
    await open('/connectors/orbit/connect')
    await visitor.heading('Connect Orbit CRM?')
    await page.getByText('Sales assistant and Trip finder ask to use Orbit CRM in your name.').waitFor()
    await page.getByText('Sales assistant may be handed the access itself for a short time').waitFor()
    await lookAt(page, 'confirm-several')
  })

  it('causes no breach of its policy, no error and no request to anywhere else', () => {
    assert.deepEqual(visitor.faults, [])
  })
})

/** The page's window, as far as this asks it. */
type Styled = { getComputedStyle(element: unknown): Readonly<Record<string, string>> }
const styleOf = (locator: Locator, property: string): Promise<string | undefined> =>
  locator.evaluate((element, wanted) => (globalThis as unknown as Styled).getComputedStyle(element)[wanted], property)
