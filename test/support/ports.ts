import { randomInt } from 'node:crypto'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Below what Linux, macOS and Windows give to connections that go out and to servers that ask for any port: nobody takes one of these by chance before it is listened on. */
const [LOWEST, END] = [20_000, 32_000] as const
const DAY_MS = 86_400_000
const CLAIMS = join(tmpdir(), 'behalf-test-ports')
const claimed = new Set<string>()
process.once('exit', () => {
  for (const path of claimed) rmSync(path, { force: true })
})

/**
 * Ports on which nothing listens, for programs that are told where to listen. They belong to this process until it ends, also while nobody
 * listens on them: a node that was killed comes back to its own.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = randomInt(LOWEST, END)
    if (claim(port) && (await isFree(port))) ports.push(port)
  }
  return ports
}

/** Against other test processes, which choose at the same time. */
function claim(port: number): boolean {
  const path = join(CLAIMS, String(port))
  mkdirSync(CLAIMS, { recursive: true })
  // One that was killed leaves its claims behind.
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY)
  if (age > DAY_MS) rmSync(path, { force: true })
  try {
    writeFileSync(path, '', { flag: 'wx' })
    claimed.add(path)
    return true
  } catch {
    return false
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, () => server.close(() => resolve(true)))
  })
}
