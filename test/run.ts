import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { provideChromium } from './support/chromium.ts'
import { startPostgres } from './support/postgres.ts'
import { buildStudio } from './support/studio.ts'

// What cannot be provided fails here, with the reason, before any test runs.
process.env['CHROMIUM'] = provideChromium()

const patterns = ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts']
const wanted = process.argv.slice(2)
const files = globSync(wanted.length > 0 ? wanted : patterns).sort()
if (files.length === 0) {
  process.stderr.write('no test file was found\n')
  process.exit(1)
}
buildStudio()
// One server for all; each test makes databases of its own on it.
const server = process.env['TEST_DATABASE_URL'] === undefined ? await startPostgres() : undefined
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=3', '--test-timeout=120000', '--test-force-exit', ...files],
  { stdio: 'inherit', env: { TEST_DATABASE_URL: server?.url, ...process.env } },
)
await server?.[Symbol.asyncDispose]()
process.exit(status ?? 1)
