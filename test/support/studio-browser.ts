import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { StartedPlayground } from './playground.ts'

const SHOTS = join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots', 'studio')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Colours that are still on their way from one theme to the other are none of either. */
const SETTLED = `Promise.all(document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished.catch(() => undefined)))`
/** Legacy mode needs no second page; styles are all the page's own, and only violations are asked for. */
const QUICK = { preload: false, resultTypes: ['violations' as const] }
const THEMES = ['light', 'dark'] as const

export type Visitor = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  /** Opens a page of the studio and waits for its heading. */
  readonly open: (path: string, heading?: string | RegExp) => Promise<void>
  /** Judges the page by axe in both themes, and keeps a picture of each. */
  readonly look: (name: string) => Promise<void>
  /** What the browser complained about: errors of scripts, and what the page's own policy refused. */
  readonly complaints: string[]
}

/** Somebody at the studio in a browser of his own; `role` undefined is a stranger, who is not signed in. */
export async function visit(
  browser: Browser,
  { file }: Pick<StartedPlayground, 'file'>,
  role: 'admin' | 'developer' | 'end_user' | undefined,
): Promise<Visitor> {
  mkdirSync(SHOTS, { recursive: true })
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const complaints: string[] = []
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
  return {
    context,
    page,
    complaints,
    async open(path, heading) {
      await page.goto(`${file.url}/studio${path}`)
      if (heading !== undefined) await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    },
    async look(name) {
      await page.mouse.move(0, 0)
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        // A script follows the system's theme: until it has, the page is half of each.
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
        await page.evaluate(SETTLED)
        const judge = new AxeBuilder({ page }).setLegacyMode().options(QUICK).withTags(TAGS)
        const { violations } = await judge.analyze()
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)
        assert.deepEqual(told, [], `${name} ${colorScheme}`)
        await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`) })
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
