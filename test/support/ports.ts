import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows give to connections that go out and to servers that ask for any port: nobody takes one of these by chance before it is listened on. */
const [LOWEST, END] = [20_000, 32_000] as const
const given = new Set<number>()

/** Ports on which nothing listens, different ones each time, for programs that are told where to listen. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = randomInt(LOWEST, END)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    ports.push(port)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, () => server.close(() => resolve(true)))
  })
}
