import { BootError, type Config } from '@behalf/server/config'
import { openDesk } from '@behalf/server/main'
import type { Arguments } from './parse.ts'

const MARKS = { passed: 'ok  ', failed: 'FAIL', warning: 'warn', skipped: '-   ' } as const

/** Asks a connector's provider whether it would work; 1 where a check failed. */
export async function connectorCheck(config: Config, args: Arguments): Promise<number> {
  const [name = ''] = args.words
  const asked = {
    client_authentication: listed(args.optional('try')),
    variables: Object.fromEntries(listed(args.optional('variables')).map(pair => parted(pair))),
  }
  await using desk = await openDesk(config)
  const checked = await desk.checkConnector(args.optional('org'), name, asked)
  if (checked === undefined) throw new BootError('say with --org which organization: there is none, or several')
  const lines = checked.results.flatMap(({ check, subject, outcome, sent, answered, advice }) => [
    `${MARKS[outcome]}  ${check.padEnd(22)}  ${subject}`,
    ...[
      ['sent', sent],
      ['answered', answered],
      ['change', advice],
    ].flatMap(([label, text]) => (text === null ? [] : [`      ${label}: ${text}`])),
  ])
  process.stdout.write(args.flags.has('json') ? `${JSON.stringify(checked)}\n` : `${lines.join('\n')}\n`)
  return checked.passed ? 0 : 1
}

const listed = (text = ''): readonly string[] => text.split(',').filter(each => each !== '')

function parted(pair: string): readonly [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(pair) ?? []
  if (name === undefined || value === undefined) throw new BootError('--variables takes NAME=VALUE,…')
  return [name, value]
}
