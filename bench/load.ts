import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CORES, on } from './programs.ts'

export type Asked = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
export type Load = {
  readonly perSecond: number
  readonly calls: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers other than 2xx and 3xx, and socket errors. */
  readonly failed: number
}
export type Loader = (
  url: string,
  asked: readonly Asked[],
  options: { readonly seconds: number; readonly connections: number },
) => Promise<Load>

/** wrk, sending prepared requests one after another over each connection. */
export function createWrk(path: string, folder: string): Loader {
  let runs = 0
  return async (url, asked, { seconds, connections }) => {
    runs += 1
    const script = join(folder, `load-${runs}.lua`)
    writeFileSync(script, luaOf(asked))
    const [command, args] = on(CORES.others, path, [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--latency',
      '-s',
      script,
      url,
    ])
    const text = await outputOf(command, args)
    const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN)
    const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []
    return {
      perSecond: number(/Requests\/sec:\s+([\d.]+)/),
      calls: number(/(\d+) requests in/),
      p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(text)),
      p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(text)),
      failed:
        Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0) +
        errors.reduce((sum, each) => sum + Number(each), 0),
    }
  }
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 }
const milliseconds = (match: RegExpExecArray | null): number =>
  Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN)

function luaOf(asked: readonly Asked[]): string {
  const quoted = (text: string) => `[==[${text}]==]`
  const lines = asked.map(({ method, path, headers, body }) => {
    const pairs = Object.entries(headers).map(([name, value]) => `[ ${quoted(name)} ] = ${quoted(value)}`)
    return `  requests[#requests + 1] = wrk.format(${quoted(method)}, ${quoted(path)}, {${pairs.join(',')}}, ${body === undefined ? 'nil' : quoted(body)})`
  })
  return `local requests = {}
local at = 0
function init()
${lines.join('\n')}
end
function request()
  at = at % #requests + 1
  return requests[at]
end
`
}

function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [text, complaint] = ['', '']
    child.stderr.on('data', chunk => {
      complaint += String(chunk)
    })
    child.stdout.on('data', chunk => {
      text += String(chunk)
    })
    child.once('error', reject)
    child.once('exit', code =>
      code === 0 && complaint === ''
        ? resolve(text)
        : reject(new Error(`${command} ended with ${code}: ${complaint}${text}`)),
    )
  })
}
