import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

const SOME = 4
const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex]'

/**
 * In the page: what stands there to be worked, as the keyboard should come to it. Of radio buttons of one name one has the focus for all; what
 * holds a place in a list of tabs or options is reached by arrows.
 */
const LISTED = `(() => {
  const all = [...document.querySelectorAll(${JSON.stringify(STOPS)})]
  const works = each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }) && each.closest('[inert], [aria-hidden="true"]') === null
  const named = new Map()
  const listed = all.filter(works).filter(each => {
    if (each.type !== 'radio') return true
    const group = all.filter(other => other.type === 'radio' && other.name === each.name)
    return (group.find(other => other.checked) ?? group[0]) === each
  })
  globalThis.toReach = new Set(listed)
  globalThis.hidden = []
  globalThis.addEventListener('focusin', globalThis.reached = ({ target }) => {
    if (!globalThis.toReach.delete(target)) return
    const { left, top, width, height } = target.getBoundingClientRect()
    const places = [[0.5, 0.5], [0.5, 0.1], [0.5, 0.9], [0.05, 0.5], [0.95, 0.5]]
    const seen = places.some(([x, y]) => {
      const there = document.elementFromPoint(left + width * x, top + height * y)
      return there !== null && (target.contains(there) || there.contains(target) || target.labels?.[0]?.contains(there))
    })
    if (!seen) globalThis.hidden.push(target.outerHTML.slice(0, 120))
  })
  document.activeElement.blur()
  return listed.length
})()`

/** Fails unless the Tab key comes to everything on the page that can be worked, and nothing that has the focus is hidden behind something else. */
export async function assertKeyboardReaches(page: Page, name: string): Promise<void> {
  const count = await page.evaluate<number>(LISTED)
  // What scrolls into view on the way, or comes late, brings more to stop at.
  for (let step = 0, most = count, some = count; step < 2 * most + 10; step += some, some = SOME) {
    // The key is held down: the browser takes it again and again, in order, without being waited for each time.
    await Promise.all(Array.from({ length: some }, () => page.keyboard.down('Tab')))
    await page.keyboard.up('Tab')
    if ((await page.evaluate<number>('toReach.size')) === 0) break
    most = Math.max(most, await page.evaluate<number>(`document.querySelectorAll(${JSON.stringify(STOPS)}).length`))
  }
  const [missed, hidden] = await page.evaluate<[string[], string[]]>(
    `(removeEventListener('focusin', reached), [[...toReach].filter(each => each.isConnected).map(each => each.outerHTML.slice(0, 120)), hidden])`,
  )
  assert.deepEqual(missed, [], `the keyboard does not come to this of ${name}`)
  assert.deepEqual(hidden, [], `this of ${name} has the focus and cannot be seen`)
}
