import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { judge } from './axe.ts'
import { COLOURS, fits } from './looker.ts'
import type { StartedPlayground } from './playground.ts'
import { LONG } from './seed.ts'

const SHOTS = join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots', 'studio')
/** Colours that are still on their way from one theme to the other are none of either. */
const SETTLED = `Promise.all(document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished.catch(() => undefined)))`
// A notice of before would be taken for the one that is waited for.
const DISMISS = `document.querySelectorAll('.notices [aria-label="Dismiss"]').forEach(each => each.click())`
const DESKTOP = { width: 1280, height: 860 }
const PHONE = { width: 390, height: 780 }
const DIALOG = '[role="dialog"]'
const CUT = `[...document.querySelectorAll('.table .scroller')].filter(each => each.scrollWidth > each.clientWidth).length`
/** Of a picture: what follows on a long page looks like what came before. */
const MOST_HEIGHT = 2_400
type Theme = 'light' | 'dark'

export type Visitor = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  /** Comes to a page as by a link, without loading the studio anew where it is loaded: what was read in the last seconds is not read again. */
  readonly open: (path: string, heading?: string | RegExp) => Promise<void>
  /** Loads the studio anew at a page, for what others changed meanwhile. */
  readonly load: (path: string, heading?: string | RegExp) => Promise<void>
  /** Judges the page by all of axe's rules in one theme and by those of colours in the other, keeps a picture of each, and looks whether anything is wider than a phone's screen (the long form keeps a picture of that, too); no picture of what shows a secret. */
  readonly look: (name: string, seen?: 'unseen') => Promise<void>
  /** What the browser complained about: errors of scripts, and what the page's own policy refused. */
  readonly complaints: string[]
}

/** Somebody at the studio in a browser of his own; `role` undefined is a stranger, who is not signed in, and a visitor is one whose session is shared. */
export async function visit(
  browser: Browser,
  { file }: Pick<StartedPlayground, 'file'>,
  role: 'admin' | 'developer' | 'end_user' | undefined | Visitor,
): Promise<Visitor> {
  mkdirSync(SHOTS, { recursive: true })
  const session = typeof role === 'object' ? { storageState: await role.context.storageState() } : {}
  const look = { viewport: DESKTOP, colorScheme: 'light', reducedMotion: 'reduce' } as const
  const context = await browser.newContext({ ...look, ...session })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const complaints: string[] = []
  let theme: Theme = 'light'
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  const person = file.people.find(each => each.role === role)
  if (person !== undefined) {
    await page.goto(`${file.url}/auth/login?return_to=/connections`)
    await signIn(page, person)
    await page.waitForURL(`${file.url}/connections`)
  }
  const devtools = await context.newCDPSession(page)
  // Packed quickly rather than small: half the time of a picture is packing it.
  const keep = async (name: string) => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true })
    writeFileSync(join(SHOTS, name), Buffer.from(data, 'base64'))
  }
  const headed = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const load = async (path: string, heading?: string | RegExp) => {
    await page.goto(`${file.url}/studio${path}`)
    if (heading !== undefined) await headed(heading)
  }
  // Asked whether to leave what is not saved: yes.
  page.on('dialog', dialog => void dialog.accept())
  return {
    context,
    page,
    complaints,
    async open(path, heading) {
      if (!page.url().startsWith(`${file.url}/studio/`)) return load(path, heading)
      await page.evaluate(DISMISS)
      for (const [at, title] of [['/nowhere', 'There is nothing here'] as const, [path, heading] as const]) {
        await page.evaluate(`history.pushState(null, '', ${JSON.stringify(`/studio${at}`)})`)
        if (title !== undefined) await headed(title)
      }
    },
    load,
    async look(name, seen) {
      await page.mouse.move(0, 0)
      // A page under a dialog is judged where it is looked at by itself.
      const dialog = page.locator(DIALOG)
      const within = (await dialog.count()) === 0 ? undefined : DIALOG
      const inTheme = async (theme: Theme, rules?: readonly string[]) => {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        // A script follows the system's theme: until it has, the page is half of each.
        await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor({ state: 'attached' })
        await page.evaluate(SETTLED)
        await judge(page, `${name} ${theme}`, rules, within)
        if (seen === undefined) await keep(`${name}-${theme}.png`)
      }
      const other = theme === 'light' ? 'dark' : 'light'
      await inTheme(theme)
      if (seen === undefined) await onPhone(page, name)
      await inTheme(other, COLOURS)
      theme = other
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

async function onPhone(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PHONE)
  await page.evaluate(SETTLED)
  await fits(page, name)
  const cut = await page.evaluate<number>(CUT)
  assert.equal(cut, 0, `${name}: rows are wider than their table on a phone`)
  // One more picture of each state than CI has to keep.
  if (!LONG) return page.setViewportSize(DESKTOP)
  const height = Math.min(await page.evaluate<number>('document.documentElement.scrollHeight'), MOST_HEIGHT)
  const clip = { x: 0, y: 0, width: PHONE.width, height }
  await page.screenshot({ path: join(SHOTS, `${name}-phone.png`), fullPage: true, clip })
  await page.setViewportSize(DESKTOP)
}

export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
