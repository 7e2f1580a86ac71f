import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { judge } from './axe.ts'

/** Where pictures are kept. */
export const SHOTS = join(import.meta.dirname, '..', '..', 'artifacts', 'screenshots')
const DESKTOP = { width: 1200, height: 800 }
const PHONE = { width: 390, height: 780 }
/** 320 CSS pixels: the narrowest phone, and 1280 at 400 % (WCAG 1.4.10). */
const NARROW = { width: 320, height: 640 }

/** The rules that another theme can break. */
const COLOURS = ['color-contrast', 'link-in-text-block']
const QUIET = { colorScheme: 'light', reducedMotion: null } as const

/** Everything that a state must be, looked at once: pictures in both themes and two widths, axe in both themes, and nothing wider than the screen. */
export async function lookAt(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  for (const [device, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: join(SHOTS, `${name}-${device}-${colorScheme}.png`), fullPage: true })
      if (device === 'phone') await judge(page, `${name} ${colorScheme}`, colorScheme === 'dark' ? COLOURS : undefined)
    }
    await fits(page, name)
  }
  await page.setViewportSize(NARROW)
  await fits(page, name)
  await page.setViewportSize(DESKTOP)
  await page.emulateMedia(QUIET)
}

/**
 * The same without JavaScript, where no rule can run either: what this page shows is judged in `judging`, a page of a browser that runs scripts and
 * is given none but axe. Pictures would be the same; all rules are met at the width that the run with JavaScript leaves out.
 */
export async function lookWithoutScript(page: Page, judging: Page, name: string): Promise<void> {
  const body = (await page.content()).replace(/<(?:script|meta http-equiv)[^>]*>/g, '')
  await judging.route(page.url(), route => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }))
  await judging.goto(page.url())
  await judging.unroute(page.url())
  await judging.setViewportSize(DESKTOP)
  await judging.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await judge(judging, `${name} without JavaScript, dark`)
  await judging.emulateMedia({ colorScheme: 'light' })
  await judge(judging, `${name} without JavaScript, light`, COLOURS)
  for (const size of [PHONE, NARROW, DESKTOP]) {
    await page.setViewportSize(size)
    await fits(page, name)
  }
}

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
