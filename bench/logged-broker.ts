import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { readConfig } from '../packages/server/src/config/config.ts'
import { start } from '../packages/server/src/main.ts'

/** What a stretch of calls took of the processor, in microseconds a call. */
export type Stretch = {
  readonly isWritten: boolean
  readonly calls: number
  readonly all: number
  readonly main: number
  readonly writer: number
}

const STRETCH_MS = 250
const [file = '', pairs = ''] = process.argv.slice(2)

// A broker whose call log is written in one stretch and not in the next, under one load: what slows the machine slows both. SIGUSR2 begins.
let [isWritten, calls] = [true, 0]
let writerTask: string | undefined
const broker = await start(readConfig(), {
  callLog: kept => {
    process.on('SIGUSR2', () => void measure(kept.flush))
    return {
      ...kept,
      append: entry => {
        calls += 1
        if (isWritten) kept.append(entry)
      },
    }
  },
})
process.once('SIGTERM', () => void broker[Symbol.asyncDispose]())
process.stderr.write('behalf: ready at its port\n')

async function measure(flush: () => Promise<void>): Promise<void> {
  const stretches: Stretch[] = []
  for (let pair = 0; pair < Number(pairs); pair += 1)
    for (const next of pair % 2 === 0 ? [true, false] : [false, true]) stretches.push(await stretch(next, flush))
  isWritten = true
  // Whole at once: somebody waits for it.
  writeFileSync(`${file}.part`, JSON.stringify(stretches))
  renameSync(`${file}.part`, file)
}

async function stretch(written: boolean, flush: () => Promise<void>): Promise<Stretch> {
  isWritten = written
  const [before, from] = [spent(), calls]
  await wait(STRETCH_MS)
  // What waits is written within the stretch that it belongs to, and nothing more comes meanwhile.
  isWritten = false
  await flush()
  const [after, count] = [spent(), calls - from]
  const each = (what: keyof typeof after) => (after[what] - before[what]) / count
  return { isWritten: written, calls: count, all: each('all'), main: each('main'), writer: each('writer') }
}

function spent() {
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()]
  return { all: all.user + all.system, main: main.user + main.system, writer: writerMicros() }
}

/** Time that the store's writer has run, in microseconds (Linux's schedstat). */
function writerMicros(): number {
  const of = (id: string, name: string) => readFileSync(`/proc/self/task/${id}/${name}`, 'utf8').trim()
  writerTask ??= readdirSync('/proc/self/task').find(id => of(id, 'comm') === 'store-writer')
  return writerTask === undefined ? 0 : Number(of(writerTask, 'schedstat').split(' ')[0]) / 1_000
}
