import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Styles are all the page's own, and only violations are asked for. */
const QUICK = { preload: false, resultTypes: ['violations'], elementRef: false }

/** Fails with what axe has against a page or a part of it, by all of its rules or by some; axe is brought to a document once. */
export async function judge(page: Page, name: string, rules?: readonly string[], within?: string): Promise<void> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(`${SOURCE};0`)
  const runOnly = rules === undefined ? { type: 'tag', values: TAGS } : { type: 'rule', values: rules }
  const found = await page.evaluate<string[]>(
    `axe.run(${JSON.stringify(within ?? null)} ?? document, ${JSON.stringify({ ...QUICK, runOnly })}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(node => node.html).join(' ')))`,
  )
  assert.deepEqual(found, [], name)
}
