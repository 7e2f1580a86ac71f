import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const launcher = join(import.meta.dirname, '..', 'bin', 'behalf.js')
const folder = () => mkdtempSync(join(tmpdir(), 'behalf-cli-'))
const key = () => randomBytes(32).toString('base64')

/** Runs `behalf`; its exit code and what it said. */
function behalf(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env['PATH'] ?? '', BEHALF_METRICS_LISTEN: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => {
    out += String(chunk)
  })
  child.stderr.on('data', chunk => {
    err += String(chunk)
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, out, err })))
}

async function organization(env: Record<string, string>, slug = 'acme') {
  const secretFile = join(folder(), 'secret')
  writeFileSync(secretFile, 'sso-client-secret')
  return behalf(
    [
      'org',
      'create',
      slug,
      '--name',
      'Acme',
      '--sso-issuer',
      'https://sso.example.com',
      '--sso-client-id',
      'x',
      '--sso-client-secret-file',
      secretFile,
      '--json',
    ],
    env,
  )
}

describe('behalf', () => {
  it('makes an organization once, and prints what to register, the code and the key', async () => {
    const env = { BEHALF_DATA: folder(), BEHALF_URL: 'https://{org}.behalf.example.com' }
    const { code, out } = await organization(env)
    assert.equal(code, 0)
    const made = JSON.parse(out) as Record<string, string>
    assert.deepEqual(Object.keys(made), ['org', 'url', 'sso_callback_url', 'admin_claim_code', 'api_key'])
    assert.equal(made['sso_callback_url'], 'https://acme.behalf.example.com/auth/ssoCallback')
    assert.deepEqual(await organization(env), {
      code: 1,
      out: '',
      err: 'behalf: There is an organization acme already.\n',
    })
  })

  it('ends with one clear line and code 1 for what keeps it from starting', async () => {
    const busy = createServer()
    await new Promise<void>(resolve => busy.listen(0, '127.0.0.1', resolve))
    const { port } = busy.address() as { port: number }
    const occupied = join(folder(), 'file')
    writeFileSync(occupied, '')
    const keyed = { BEHALF_DATA: folder(), BEHALF_ROOT_KEY: key() }
    await organization(keyed)
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [
        { BEHALF_DATA: folder(), BEHALF_LISTEN: `127.0.0.1:${port}` },
        /^behalf: BEHALF_LISTEN: 127\.0\.0\.1:\d+ is in use by another program\n$/,
      ],
      [{ BEHALF_DATA: occupied }, /^behalf: The data folder .* cannot be written\n$/],
      [{ BEHALF_DATA: '/proc/nowhere/data' }, /^behalf: The data folder .* cannot be written\n$/],
      [{ ...keyed, BEHALF_ROOT_KEY: key() }, /^behalf: The root key does not open 1 of 1 data keys/],
      [{ ...keyed, BEHALF_ROOT_KEY: '' }, /^behalf: There is data in .* but no root key/],
      [
        { BEHALF_DATA: folder(), BEHALF_ROOT_KEY: Buffer.alloc(32).toString('base64') },
        /^behalf: BEHALF_ROOT_KEY: entry 1 is weak/,
      ],
      [
        { BEHALF_DATA: folder(), BEHALF_URL: 'http://behalf.example.com' },
        /^behalf: BEHALF_URL: plain http is for loopback alone/,
      ],
      [
        { BEHALF_DATA: folder(), BEHALF_OUTBOUND_ALLOW: 'everything' },
        /^behalf: BEHALF_OUTBOUND_ALLOW: everything is not CIDR/,
      ],
    ]
    for (const [env, line] of cases) {
      const { code, err } = await behalf(['start'], env)
      assert.match(err, line)
      assert.deepEqual([code, err.trim().split('\n').length], [1, 1], err)
    }
    busy.close()
  })

  it('rotates the root key, and says when the old one may go', async () => {
    const [older, newer] = [key(), key()]
    const env = { BEHALF_DATA: folder(), BEHALF_ROOT_KEY: older }
    await organization(env)
    const both = { ...env, BEHALF_ROOT_KEY: `${newer},${older}` }
    const status = async () =>
      (
        JSON.parse((await behalf(['key', 'status', '--json'], both)).out) as {
          keys: { rootKeyId: string; newest: boolean; dataKeys: number }[]
        }
      ).keys
    const old = (await status()).find(({ newest }) => !newest)?.rootKeyId ?? assert.fail()
    assert.match((await behalf(['key', 'retire', old], both)).err, /still wraps 1 data keys/)
    assert.equal((await behalf(['key', 'rotate'], both)).code, 0)
    assert.match((await behalf(['key', 'retire', old], both)).out, /remove it from BEHALF_ROOT_KEY/)
    assert.equal((await behalf(['key', 'status'], { ...env, BEHALF_ROOT_KEY: newer })).code, 0)
  })

  it('tells its commands, and what is wrong with one', async () => {
    assert.match((await behalf(['--help'], {})).out, /behalf org create SLUG/)
    for (const [args, line] of [
      [['nothing'], /no command "nothing"/],
      [['org', 'create'], /expected 1 argument/],
      [['start', '--fast'], /--fast is not known/],
    ] as const) {
      const { code, err } = await behalf(args, { BEHALF_DATA: folder() })
      assert.match(err, line)
      assert.equal(code, 1)
    }
  })

  it('lists, shows and judges the catalogue, in words and as JSON', async () => {
    const asked = [
      ['list', '--json'],
      ['list', '--category', 'crm'],
      ['show', 'github', '--json'],
      ['show', 'nobody'],
      ['lint', '--json'],
    ]
    const told = await Promise.all(asked.map(args => behalf(['catalogue', ...args], {})))
    assert.deepEqual(
      told.map(({ code }) => code),
      [0, 0, 0, 1, 0],
    )
    const [all, shown, judged] = [0, 2, 4].map(index => JSON.parse(told[index]?.out ?? ''))
    const github = all.items.find(({ name }: { name: string }) => name === 'github')
    assert.deepEqual([github.complete, github.grades.authorization], [true, 'verified'])
    const crm = all.items.filter(({ categories }: { categories: string[] }) => categories.includes('crm'))
    const lines = told[1]?.out.split('\n') ?? []
    assert.deepEqual(
      lines.slice(0, crm.length).map(line => line.split(' ', 1)[0]),
      crm.map(({ name }: { name: string }) => name),
    )
    assert.match(lines[crm.length + 1] ?? '', new RegExp(`^${crm.length} providers, `))
    assert.equal(shown.definition.auth.token_url, 'https://github.com/login/oauth/access_token')
    assert.match(told[3]?.err ?? '', /the catalogue has no nobody/)
    assert.deepEqual([judged.providers, judged.faults], [all.items.length, []])
  })

  it('ends quietly where whoever reads it has enough', async () => {
    const child = spawn(process.execPath, [launcher, 'catalogue', 'list', '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', chunk => {
      said += String(chunk)
    })
    child.stdout.destroy()
    const code = await new Promise(resolve => child.once('close', resolve))
    assert.deepEqual([code, said], [0, ''])
  })

  it('I-04 says nothing of what broke it where it ends by a fault, by a rejection or by force, nor in a report that is asked for', async () => {
    const canary = `cnry${randomBytes(18).toString('hex')}`
    const faults = `process.on('SIGUSR2', () => { throw new TypeError('${canary}', { cause: new Error('${canary}') }) })
      .on('SIGWINCH', () => void Promise.reject(Object.assign(new Error('${canary}'), { headers: { authorization: '${canary}' } })))
      .on('SIGHUP', () => void Promise.reject('${canary}'))`
    const preload = join(folder(), 'faults.mjs')
    writeFileSync(preload, faults)
    const ends = [
      ['SIGUSR2', 'TypeError', 70],
      ['SIGWINCH', 'Error', 70],
      ['SIGHUP', 'ERR_UNHANDLED_REJECTION', 70],
      ['SIGABRT', undefined, null],
    ] as const
    await Promise.all(
      ends.map(async ([signal, told, wanted]) => {
        const reports = folder()
        const rootKey = key()
        const flags = ['--report-uncaught-exception', '--report-on-fatalerror', '--report-on-signal']
        const at = ['--report-signal=SIGUSR1', `--report-directory=${reports}`, '--import', preload]
        const child = spawn(process.execPath, [...flags, ...at, launcher, 'start'], {
          env: {
            PATH: process.env['PATH'] ?? '',
            BEHALF_DATA: folder(),
            BEHALF_LISTEN: '127.0.0.1:0',
            BEHALF_METRICS_LISTEN: 'off',
            BEHALF_ROOT_KEY: rootKey,
            BEHALF_LOG_LEVEL: 'debug',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        const closed = new Promise<number | null>(resolve => child.once('close', resolve))
        let said = ''
        const saying = async (word: string) => {
          for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
            said += String(chunk)
            if (said.includes(word)) return
          }
        }
        child.stdout.on('data', chunk => {
          said += String(chunk)
        })
        await saying('ready')
        if (told === undefined) {
          child.kill('SIGUSR1')
          await saying('report completed')
        }
        child.kill(signal)
        await saying('there is no such word')
        assert.equal(await closed, wanted, `${signal}: ${said}`)
        if (told !== undefined) assert.match(said, new RegExp(`^behalf: ended by a fault: error: [^\\n]*${told}`, 'm'))
        const written = readdirSync(reports).map(name => readFileSync(join(reports, name), 'utf8'))
        assert.equal(written.length, told === undefined ? 1 : 0)
        for (const text of [said, ...written])
          for (const [name, secret] of Object.entries({ canary, rootKey }))
            for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
              assert.ok(!text.includes(form), `${signal}: ${name}`)
      }),
    )
  })

  it('I-02 names the first bad entry of a tampered audit', async () => {
    const env = { BEHALF_DATA: folder() }
    await organization(env)
    const { DatabaseSync } = await import('node:sqlite')
    const child = spawn(process.execPath, [launcher, 'start'], {
      env: { PATH: process.env['PATH'] ?? '', BEHALF_METRICS_LISTEN: 'off', BEHALF_LISTEN: '127.0.0.1:0', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await new Promise<void>(resolve => child.stderr.on('data', chunk => String(chunk).includes('ready') && resolve()))
    const database = new DatabaseSync(join(env.BEHALF_DATA, 'behalf.db'), { timeout: 5_000 })
    const unsealed = database.prepare('SELECT COUNT(*) AS left FROM audit_events WHERE sequence IS NULL')
    const until = Date.now() + 10_000
    while (Number(unsealed.get()?.['left']) > 0 && Date.now() < until)
      await new Promise(resolve => setImmediate(resolve))
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    const sound = await behalf(['audit', 'verify', 'acme'], env)
    assert.match(sound.out, /sound: 2 events\. Anchor: 2:[0-9a-f]{64}/)
    const anchor = /Anchor: (\S+)/.exec(sound.out)?.[1] ?? assert.fail()
    database.exec("UPDATE audit_events SET action = 'x' WHERE sequence = 2")
    assert.match((await behalf(['audit', 'verify', 'acme'], env)).out, /broken at entry 2: altered/)
    database.exec('DELETE FROM audit_events WHERE sequence = 2')
    assert.match((await behalf(['audit', 'verify', 'acme'], env)).out, /broken at entry 2: tail cut/)
    database.exec(
      'DELETE FROM audit_heads; INSERT INTO audit_heads SELECT org_id, 1, mac FROM audit_events WHERE sequence = 1',
    )
    assert.match(
      (await behalf(['audit', 'verify', 'acme'], env)).out,
      /sound: 1 events/,
      'a head rolled back with its events looks sound',
    )
    assert.match(
      (await behalf(['audit', 'verify', 'acme', '--anchor', anchor], env)).out,
      /broken at entry 2: tail cut/,
      'an anchor kept elsewhere tells',
    )
    database.close()
  })
})
