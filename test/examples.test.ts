import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type StartedPlayground, startPlayground } from './support/playground.ts'

const EXAMPLES = resolve(import.meta.dirname, '..', 'examples')
/** What each example prints at the first start, before anybody connected anything. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  'call-on-behalf.ts': /una@acme\.example has to connect orbit first: http:\/\/localhost:\d+\/connect\/[0-9a-f]{40}/,
  'change-a-connector.ts': /orbit is at version 2: Lets assistants look up your contacts\. Checked on \d{4}-/,
  'connect-link.ts': /Send una@acme\.example this link, good until .*Z: http:\/\/localhost:\d+\/connect\//,
  'debug-a-plugin.ts':
    /live for everyone: strict, forced \(open_ended\)[\s\S]*live for una@acme\.example: standard[\s\S]*list-contacts \w+ under \w+[\s\S]*live for everyone again: strict/,
  'exchange-a-token.ts': /A Behalf token for orbit, good for \d+ s|Refused with \w+: .*/,
  'run-an-action.ts': /una@acme\.example has to connect Orbit CRM first: http:\/\/localhost:\d+\/connect\/[0-9a-f]{40}/,
  'list-everyone.ts': /ada@acme\.example: nothing connected/,
}

describe('the examples', () => {
  let playground: StartedPlayground
  before(async () => {
    playground = await startPlayground()
  })
  after(() => playground?.[Symbol.asyncDispose]())

  it('are all named in their README', () => {
    const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
    const files = globSync('*.ts', { cwd: EXAMPLES }).filter(file => file !== 'playground.ts')
    assert.deepEqual(files.sort(), Object.keys(PRINTS).sort())
    for (const file of files) assert.ok(readme.includes(`](${file})`), file)
  })

  for (const [file, expected] of Object.entries(PRINTS))
    it(`${file} does what it says against a started broker`, () => {
      const env = { ...process.env, BEHALF_PLAYGROUND: join(playground.dataDir, 'playground.json') }
      assert.match(execFileSync(process.execPath, [join(EXAMPLES, file)], { env, encoding: 'utf8' }), expected)
    })
})
