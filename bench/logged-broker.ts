import { readConfig } from '../packages/server/src/config/config.ts'
import { start } from '../packages/server/src/main.ts'

// A broker whose call log is written or not: SIGUSR2 turns it off and on again, so that one run measures both.
let isWritten = true
process.on('SIGUSR2', () => {
  isWritten = !isWritten
})
const broker = await start(readConfig(), {
  callLog: kept => ({
    ...kept,
    append: entry => {
      if (isWritten) kept.append(entry)
    },
  }),
})
process.once('SIGTERM', () => void broker[Symbol.asyncDispose]())
process.stderr.write('behalf: ready at its port\n')
