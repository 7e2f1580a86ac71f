import { BootError, readConfig } from '@behalf/server/config'
import { catalogueLint, catalogueList, catalogueShow } from './catalogue.ts'
import {
  auditVerify,
  backupTo,
  health,
  keyRetire,
  keyRotate,
  keyStatus,
  migrate,
  moveTo,
  orgCreate,
  restoreFrom,
  serve,
} from './commands.ts'
import { connectorCheck } from './connector.ts'
import { guardFaults, tellFault } from './fault.ts'
import { HELP } from './help.ts'
import { parse } from './parse.ts'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start: args => serve(readConfig(), parse(args, { flags: [], options: [], words: 0 })),
  health: args => health(readConfig(), parse(args, { flags: [], options: [], words: 0 })),
  migrate: args => migrate(readConfig(), parse(args, { flags: ['json'], options: [], words: 0 })),
  'org create': args =>
    orgCreate(
      readConfig(),
      parse(args, {
        flags: ['json'],
        options: ['name', 'sso-issuer', 'sso-client-id', 'sso-client-secret-file'],
        words: 1,
      }),
    ),
  backup: args => backupTo(readConfig(), parse(args, { flags: ['json'], options: [], words: 1 })),
  restore: args => restoreFrom(readConfig(), parse(args, { flags: ['json', 'replace'], options: [], words: 1 })),
  move: args => moveTo(readConfig(), parse(args, { flags: ['json'], options: [], words: 0 })),
  'key status': args => keyStatus(readConfig(), parse(args, { flags: ['json'], options: [], words: 0 })),
  'key rotate': args => keyRotate(readConfig(), parse(args, { flags: ['json'], options: [], words: 0 })),
  'key retire': args => keyRetire(readConfig(), parse(args, { flags: ['json'], options: [], words: 1 })),
  'catalogue list': args => catalogueList(parse(args, { flags: ['json'], options: ['category'], words: 0 })),
  'catalogue show': args => catalogueShow(parse(args, { flags: ['json'], options: [], words: 1 })),
  'catalogue lint': args => catalogueLint(parse(args, { flags: ['json'], options: [], words: 0 })),
  'connector check': args =>
    connectorCheck(readConfig(), parse(args, { flags: ['json'], options: ['org', 'try', 'variables'], words: 1 })),
  'audit verify': args => auditVerify(readConfig(), parse(args, { flags: ['json'], options: ['anchor'], words: 1 })),
}

/** Runs one command line; the exit code. What goes wrong is one line on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  guardFaults()
  if (args.length === 0 || args.includes('--help') || args[0] === 'help') {
    process.stdout.write(HELP)
    return args.length === 0 ? 1 : 0
  }
  const [first = '', second = ''] = args
  const name = COMMANDS[first] === undefined ? `${first} ${second}` : first
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  // Whoever reads may have enough of it, as `head` has: that is no fault. The broker's log is another thing.
  if (name !== 'start')
    process.stdout.on('error', error => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error
      process.exit(0)
    })
  try {
    if (command === undefined) throw new BootError(`there is no command "${name.trim()}"; see behalf --help`)
    return await command(args.slice(name.split(' ').length))
  } catch (error) {
    if (!(error instanceof Error) || (error.name !== 'BootError' && error.name !== 'BrokerError'))
      return tellFault(error)
    process.stderr.write(`behalf: ${error.message}\n`)
    return 1
  }
}
