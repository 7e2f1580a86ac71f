import { startPageRig } from '../test/support/page-rig.ts'
import { createVisitor } from '../test/support/visitor.ts'

// When the connections page first shows something, in a real Chromium beside its server: forty cards, what the browser keeps and what it does not.
const CARDS = 40
const LOADS = 15
const FIRST_SYSTEMS = 3
const WARM_UP = 3

type Load = { readonly paint: number; readonly answered: number }

const READ = `(() => {
  const [navigation] = performance.getEntriesByType('navigation')
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  return paint && { paint: paint.startTime, answered: navigation.responseEnd - navigation.requestStart }
})()`

await using rig = await startPageRig()
await rig.offerSystems()
await rig.offerMore(CARDS - FIRST_SYSTEMS)
const [person] = rig.broker.people
if (person === undefined) throw new Error('nobody is there to look')
await using visitor = await createVisitor(rig.browser, rig.broker, { person, javaScriptEnabled: true })
const { page } = visitor
await visitor.open('/connections')
const devtools = await visitor.context.newCDPSession(page)

const measured = { 'first visit': await loads(true), 'again, with style and script kept': await loads(false) }
process.stdout.write(`${LOADS} loads of ${CARDS} cards each\n`)
for (const [name, all] of Object.entries(measured)) {
  const paints = all.map(({ paint }) => paint)
  const answers = all.map(({ answered }) => answered)
  process.stdout.write(
    `${name}: first contentful paint, median ${median(paints)} ms (${spread(paints)}); the server's answer, median ${median(answers)} ms\n`,
  )
}

async function loads(isFirst: boolean): Promise<readonly Load[]> {
  const all: Load[] = []
  for (let index = 0; index < WARM_UP + LOADS; index += 1) {
    if (isFirst) await devtools.send('Network.clearBrowserCache')
    await page.goto(`${rig.broker.url}/connections`)
    const load = await painted()
    if (index >= WARM_UP) all.push(load)
  }
  return all
}

async function painted(): Promise<Load> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const load = await page.evaluate<Load | undefined>(READ)
    if (load !== undefined) return load
  }
  throw new Error('the browser told no paint')
}

function median(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(1)
}

function spread(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`
}
