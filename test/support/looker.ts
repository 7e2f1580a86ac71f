import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { judge } from './axe.ts'
import { assertKeyboardReaches } from './keyboard.ts'

/** Where pictures are kept. */
export const SHOTS = join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots')
const DESKTOP = { width: 1200, height: 800 }
const PHONE = { width: 390, height: 780 }
/** 320 CSS pixels: the narrowest phone, and 1280 at 400 % (WCAG 1.4.10). */
const NARROW = { width: 320, height: 640 }

/** The rules that another theme can break. */
export const COLOURS = ['color-contrast', 'link-in-text-block']
const WORKED = 'main :is(form, summary, nav)'
const QUIET = { colorScheme: 'light', reducedMotion: null } as const

/**
 * Everything that a state must be, looked at once: pictures in both themes and two widths, axe in both themes, everything in reach of the keyboard,
 * and nothing wider than the screen. Axe judges the page itself, or what it shows in `judging`.
 */
export async function lookAt(page: Page, name: string, judging?: Judging): Promise<void> {
  const before = page.viewportSize() ?? DESKTOP
  for (const [device, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await shoot(page, `${name}-${device}-${colorScheme}`)
    }
    await fits(page, name)
  }
  if (judging === undefined) await judgeThemes(page, name, ['light', 'dark'])
  else await judging(page, name, { size: PHONE, themes: ['light', 'dark'] })
  await page.setViewportSize(NARROW)
  await fits(page, name)
  // Pages of words and a link or two hold nothing to work that these do not.
  if ((await page.locator(WORKED).count()) > 0) await assertKeyboardReaches(page, name)
  await page.setViewportSize(before)
  await page.emulateMedia(QUIET)
}

/** The same without JavaScript, whose pictures would be the same: all rules are met in the theme and at the width that the run with it leaves out. */
export async function lookWithoutScript(page: Page, name: string, judging: Judging): Promise<void> {
  await judging(page, `${name} without JavaScript`, { size: DESKTOP, themes: ['dark', 'light'] })
  for (const size of [PHONE, NARROW, DESKTOP]) {
    await page.setViewportSize(size)
    await fits(page, name)
  }
}

/** All rules in the first theme, and in the other those that it can break. */
async function judgeThemes(page: Page, name: string, themes: Themes): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await judge(page, `${name}, ${colorScheme}`, colorScheme === themes[0] ? undefined : COLOURS)
  }
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()

/** A picture of the whole page as it stands. Asked of Chromium itself: what Playwright waits for before a picture, a page that keeps still has no use for. */
export async function shoot(page: Page, name: string): Promise<void> {
  const asked = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, asked)
  const devtools = await asked
  const { cssContentSize } = await devtools.send('Page.getLayoutMetrics')
  const clip = { ...cssContentSize, scale: 1 }
  const quick = { format: 'png', captureBeyondViewport: true, optimizeForSpeed: true } as const
  const { data } = await devtools.send('Page.captureScreenshot', { ...quick, clip })
  mkdirSync(SHOTS, { recursive: true })
  writeFileSync(join(SHOTS, `${name}.png`), data, 'base64')
}

type Themes = readonly ['light', 'dark'] | readonly ['dark', 'light']
/** Judges what a page shows by axe in another page, which no script of the page's own runs in. */
export type Judging = (
  page: Page,
  name: string,
  at: { readonly size: typeof PHONE; readonly themes: Themes },
) => Promise<void>

/**
 * A page for judging others: what they show takes the place of what it showed before, so that axe, which is much to read, is read only once; and
 * pages without JavaScript, where no rule can run, are judged like others.
 */
export async function createJudging(browser: Browser, url: string): Promise<Judging> {
  const judging = await browser.newPage()
  const blank = '<!doctype html><html lang="en"><title>-</title>'
  await judging.route(url, route => route.fulfill({ body: blank, contentType: 'text/html; charset=utf-8' }))
  await judging.goto(url)
  return async (page, name, { size, themes }) => {
    const text = (await page.content()).replace(/<(?:script|meta http-equiv)[^>]*>/g, '')
    await judging.setViewportSize(size)
    await judging.evaluate(`(${SHOW})(${JSON.stringify(text)})`)
    await judgeThemes(judging, name, themes)
  }
}

/** In the page: another document in this one's place, once its style and its pictures are there. */
const SHOW = `async text => {
  const shown = document.adoptNode(new DOMParser().parseFromString(text, 'text/html').documentElement)
  const awaited = [...shown.querySelectorAll('link[rel=stylesheet], img')].map(each => new Promise((resolve, reject) => {
    each.addEventListener('load', resolve)
    each.addEventListener('error', () => reject(new Error(each.outerHTML + ' was not had')))
  }))
  document.documentElement.replaceWith(shown)
  await Promise.all(awaited)
}`

/** Nothing lies outside the screen sideways, in either direction of writing. */
export async function fits(page: Page, name: string): Promise<void> {
  const root = 'document.documentElement'
  const wide = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`)
  assert.ok(wide <= 0, `${name} is ${wide} px too wide at ${page.viewportSize()?.width} px`)
}

/** What a browser must never report: a breach of the page's policy, a script's error, a request to anywhere else. */
export function watch(context: BrowserContext, own: readonly string[]): { readonly faults: readonly string[] } {
  const faults: string[] = []
  context.on('console', message => {
    if (/content security policy|trusted/i.test(message.text())) faults.push(message.text())
  })
  context.on('weberror', error => faults.push(error.error().message))
  context.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'data:' && !own.includes(origin)) faults.push(`a request to ${request.url()}`)
  })
  return { faults }
}
