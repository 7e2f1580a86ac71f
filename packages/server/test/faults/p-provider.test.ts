import assert from 'node:assert/strict'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { provideProgram } from '../../../../test/support/installed.ts'
import { LONG, rounds, within } from '../../../../test/support/seed.ts'
import { until } from '../../../../test/support/until.ts'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { parseOutboundAllow } from '../../src/domain/outbound-allow.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import { certificate } from '../support/certificate.ts'
import type { Move } from '../support/faults/fault-provider.ts'
import { type FaultRig, startFaultRig } from '../support/faults/fault-rig.ts'
import type { Told } from '../support/faults/history.ts'
import { applies, placeName, WHERES } from '../support/faults/where.ts'

const told = ({ status, code }: { status: number | null; code: string | null }) => code ?? String(status)
const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
const times = <Made>(count: number, make: (at: number) => Made): Made[] =>
  Array.from({ length: count }, (_, at) => make(at))

for (const where of WHERES)
  describe(`providers that fail, ${placeName(where)}`, () => {
    let rig: FaultRig
    before(async () => {
      rig = await startFaultRig({ ...where, people: 12 })
    })
    after(() => rig[Symbol.asyncDispose]())
    const is = (id: string, title: string, run: (t: TestContext) => Promise<void>) =>
      applies(id, where) && it(`${id} ${title}`, run)
    const someNode = () => rig.seed.below(where.nodes)

    is(
      'RP-03',
      'asks a token endpoint that is down no more after ten failures, goes on with live tokens, and is back within 10 s of its health',
      async t => {
        const cycles = rounds(1, 10)
        for (let cycle = 0; cycle < cycles; cycle += 1) {
          const [live = '', ...over] = await rig.addPeople(21)
          await rig.expire(...over)
          for (const account of over) rig.provider.script(account, { onToken: () => ({ instead: { status: 503 } }) })
          for (const account of over) assert.equal(told(await rig.call(account)), 'provider_unavailable')
          const asked = over.reduce((sum, account) => sum + rig.provider.refreshes(account).length, 0)
          assert.equal(asked, 10, 'and the others were not tried')
          assert.equal((await rig.call(live)).status, 200)
          for (const account of over) rig.provider.script(account, { onToken: () => undefined })
          const healthyAt = performance.now()
          const last = over.at(-1) ?? ''
          await until('it is asked again', async () => (await rig.call(last)).status === 200, within(10_000))
          t.diagnostic(
            `seed ${rig.seed.value}, cycle ${cycle + 1}: back ${Math.round(performance.now() - healthyAt)} ms after it was healthy`,
          )
          const { connections } = await rig.final()
          assert.ok(
            over.every(name => connections.find(({ account }) => account === name)?.status === 'connected'),
            'nobody is marked',
          )
        }
      },
    )

    is('RP-04', 'calls with a token to its end while the token endpoint is down', async () => {
      const [account = ''] = await rig.addPeople(1)
      const now = Date.now()
      await rig.store.engine.write([
        {
          sql: `UPDATE connections SET received_at = ${now - 3_600_000}, expires_at = ${now + 2_500} WHERE connection_id = '${rig.connectionOf(account)}'`,
          parameters: [],
        },
      ])
      rig.provider.script(account, { onToken: () => ({ drop: 'before' }) })
      for (const [node] of rig.nodes.entries()) assert.equal((await rig.call(account, { node })).status, 200)
      await until(
        'its end',
        async () => told(await rig.call(account, { node: someNode() })) === 'provider_unavailable',
        within(15_000),
      )
      assert.ok(Date.now() >= now + 2_500 - 700, 'and not before')
    })

    is(
      'RP-08',
      'ends use at once when revocation fails, retries it over a restart, and calls nothing revoked unproven',
      async () => {
        const [account = '', hung = '', missing = '', unfit = ''] = await rig.addPeople(4)
        const healed = Promise.withResolvers<void>()
        const failures: Record<string, Move> = {
          [account]: { instead: { status: 503, headers: { 'retry-after': '1' } } },
          // Longer than whoever disconnects waits for it, and than its own deadline.
          [hung]: { wait: healed.promise, drop: 'before' },
          [missing]: { instead: { status: 404, body: '<html>' } },
          [unfit]: { instead: { status: 400, body: '{"error":"unsupported_token_type"}' } },
        }
        rig.provider.onRevoke = whose => failures[whose ?? '']
        const all = Object.keys(failures)
        const ended = await Promise.all(all.map(one => rig.disconnect(one, someNode())))
        assert.deepEqual(ended.map(told), ['200', '200', '200', '200'])
        for (const [node] of rig.nodes.entries())
          for (const one of all) assert.equal(told(await rig.call(one, { node })), 'connection_required')
        const statuses = async () => {
          const { connections } = await rig.final()
          return all.map(one => connections.find(connection => connection.account === one)?.status)
        }
        assert.deepEqual(await statuses(), [
          'disconnecting',
          'disconnecting',
          'disconnecting',
          'disconnected_unconfirmed',
        ])
        if (LONG)
          await until(
            'its own deadline ends the one that hangs',
            async () => (await rig.final()).audit.some(({ details }) => details['reason'] === 'provider_timeout'),
            20_000,
          )
        const browser = await rig.signedIn(account)
        assert.match(await (await browser.visit(`${rig.publicUrl}/connections`)).text(), /not (yet )?confirmed/i)
        for (const node of rig.nodes) await node.kill()
        for (const node of rig.nodes) await node.start()
        await rig.store.engine.write([
          { sql: "UPDATE revocations SET next_attempt_at = 1 WHERE outcome = 'pending'", parameters: [] },
        ])
        rig.provider.onRevoke = () => undefined
        healed.resolve()
        await until(
          'all that can be are confirmed',
          async () => (await statuses()).slice(0, 3).every(status => status === 'revoked'),
          within(15_000),
        )
        assert.equal((await statuses())[3], 'disconnected_unconfirmed', 'and what was not proven is not called so')
        const { audit } = await rig.final()
        const of = (action: string) =>
          audit.filter(event => event.action === action && event.target === rig.connectionOf(account))
        assert.equal(of('connection.disconnected').length, 1)
        assert.ok(of('connection.unconfirmed').length >= 1 && of('connection.revoked').length >= 1, 'both moments')
      },
    )

    is(
      'RP-06',
      'streams big bodies both ways with flat memory, and ends the provider’s side when the caller leaves',
      async t => {
        const bytes = LONG ? 2 ** 31 : 2 ** 27
        const [account = ''] = rig.accounts
        const rss = () =>
          Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${rig.nodes[0]?.pid()}/status`, 'utf8'))?.[1]) / 1024
        const headers = { authorization: `Bearer ${rig.pluginKey}`, 'behalf-subject': `${account}@acme.example` }
        const url = `${rig.nodes[0]?.url}/gateway/crm`
        // What a first body costs once, compiled code above all, does not grow with the bytes.
        const warm = 2 ** 24
        for await (const _ of (await fetch(`${url}/down?bytes=${warm}`, { headers })).body ?? []);
        await (await fetch(`${url}/up`, { method: 'POST', headers, body: new Uint8Array(warm) })).arrayBuffer()
        const before = rss()
        let most = before
        let received = 0
        for await (const chunk of (await fetch(`${url}/down?bytes=${bytes}`, { headers })).body ?? []) {
          received += chunk.length
          most = Math.max(most, rss())
        }
        assert.equal(received, bytes)
        async function* up() {
          const chunk = Buffer.alloc(65_536)
          for (let sent = 0; sent < bytes; sent += chunk.length) {
            yield chunk
            if (sent % (64 * chunk.length) === 0) most = Math.max(most, rss())
          }
        }
        const sent = await fetch(`${url}/up`, {
          method: 'POST',
          headers,
          body: ReadableStream.from(up()),
          duplex: 'half',
        } as RequestInit)
        assert.equal(((await sent.json()) as { bytes: number }).bytes, bytes)
        t.diagnostic(
          `${bytes / 2 ** 20} MB each way, memory from ${Math.round(before)} to ${Math.round(most)} MB at most`,
        )
        assert.ok(most - before < 64, `memory grew by ${Math.round(most - before)} MB`)
        await slowly(url, headers)
        const open = rig.provider.sockets()
        const leaving = new AbortController()
        const answer = await fetch(`${url}/down?bytes=${2 ** 33}`, { headers, signal: leaving.signal })
        await (answer.body ?? assert.fail()).getReader().read()
        const during = rig.provider.sockets()
        leaving.abort()
        const leftAt = performance.now()
        await until(
          'the provider’s side ends',
          () => rig.provider.sockets() < during || rig.provider.sockets() <= open - 1,
          within(5_000),
        )
        t.diagnostic(`the provider’s side ended ${Math.round(performance.now() - leftAt)} ms after the caller left`)
      },
    )

    /** A reader who stops holds the provider up, and a writer who pauses has what was written so far arrive. */
    async function slowly(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
      const poured = () => rig.provider.poured()
      const before = poured()
      const reading = await new Promise<IncomingMessage>((resolve, reject) =>
        request(`${url}/down?bytes=${2 ** 26}`, { headers }, resolve)
          .once('error', reject)
          .end(),
      )
      await until('the provider is held up', async () => {
        const there = poured()
        await new Promise(resolve => setTimeout(resolve, 200))
        return there > before && poured() === there
      })
      assert.ok(poured() - before < 2 ** 25, `${poured() - before} bytes for a caller who reads none`)
      let read = 0
      for await (const chunk of reading) read += (chunk as Buffer).length
      assert.equal(read, 2 ** 26, 'and it goes on with the reader')
      const answered = Promise.withResolvers<IncomingMessage>()
      const writing = request(`${url}/up`, { headers, method: 'POST' }, answered.resolve).once('error', answered.reject)
      const received = rig.provider.received()
      for (let part = 1; part <= 3; part += 1) {
        writing.write(Buffer.alloc(10_000))
        await until(`part ${part} arrives`, () => rig.provider.received() - received === part * 10_000)
      }
      writing.end()
      let text = ''
      for await (const chunk of await answered.promise) text += String(chunk)
      assert.match(text, /"bytes":30000/)
    }

    it('holds invariants I1 to I7 over all of it', async t => {
      t.diagnostic(`seed ${rig.seed.value}, ${rig.history.told.length} calls`)
      await rig.judge()
    })
  })

describe('the network of one process', () => {
  const target = { orgSlug: 'acme' }
  const asking = (url: string) =>
    ({ target, method: 'GET', url, headers: {}, deadlineMs: 400, maxBytes: 1_000, redirects: 'refuse' }) as const

  it('RP-01 ends a hang in each phase by its deadline, says which phase it was, and leaves no socket', async () => {
    const sockets = new Set<Socket>()
    const listening = async (then: (socket: Socket) => void) => {
      const server = createServer(socket => {
        sockets.add(socket)
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
        // One that is not read from does not learn that it was closed.
        socket.resume()
        then(socket)
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      return {
        port: (server.address() as { port: number }).port,
        [Symbol.asyncDispose]: async () => void server.close(),
      }
    }
    await using silent = await listening(() => undefined)
    await using half = await listening(socket => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx'))
    // A name that is looked up for ever.
    await using never = createOutbound({
      allow: parseOutboundAllow('127.0.0.0/8'),
      resolve: () => new Promise(() => {}),
    })
    await using outbound = createOutbound({ allow: parseOutboundAllow('127.0.0.0/8 192.0.2.0/24') })
    const hangs = [
      ['resolving', () => never.fetch(asking('https://slow.example/'))],
      ['in TLS', () => outbound.fetch(asking(`https://127.0.0.1:${silent.port}/`))],
      ['before the head', () => outbound.fetch(asking(`http://127.0.0.1:${silent.port}/`))],
      ['in the body', () => outbound.fetch(asking(`http://127.0.0.1:${half.port}/`))],
    ] as const
    for (const [phase, fetched] of hangs)
      await assert.rejects(fetched(), error => {
        assert.ok(error instanceof BrokerError && error.code === 'provider_timeout', `${phase}: ${String(error)}`)
        assert.ok(error.cause instanceof Error && 'phase' in error.cause, phase)
        return true
      })
    // A connection that is being made belongs to all who wait for it, and has ten seconds.
    if (LONG) await until('no socket is left', () => sockets.size === 0, 15_000)
    else await until('no socket is left but the one in TLS', () => sockets.size <= 1)
  })

  for (const phase of ['before its answer', 'in TLS'] as const)
    it(`RP-02 serves other providers while one hangs ${phase}`, async t => {
      const dead = createServer(socket => void socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1')
      await once(dead, 'listening')
      const { port } = dead.address() as { port: number }
      const tokenUrl = phase === 'in TLS' ? { tokenUrl: `https://localhost:${port}/token` } : {}
      const turns = LONG ? 3 : 1
      await using rig = await startFaultRig({ engine: 'SQLite', nodes: 1, people: turns + 3, ...tokenUrl })
      const stuck = rig.accounts.slice(0, turns)
      const others = new Map<string, string>()
      for (const other of rig.accounts.slice(turns)) others.set(other, await rig.tokenFor(other))
      /** What callers of the others wait, of 500 calls a second, whether or not those before were answered. */
      const waitsOfOthers = async () => {
        const calls: Promise<Told>[] = []
        for (let tick = 0; tick < (LONG ? 400 : 20); tick += 1) {
          for (let call = 0; call < 10; call += 1) {
            const [other = '', subjectToken] = [...others][call % others.size] ?? []
            calls.push(rig.call(other, { subjectToken }))
          }
          await delay(20)
        }
        const answers = await Promise.all(calls)
        assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
        return answers.map(({ ms }) => ms)
      }
      await waitsOfOthers()
      const [normal, meanwhile]: [number[], number[]] = [[], []]
      // In turns, and with as many calls of somebody else: what the machine and those calls weigh, they weigh on both.
      for (const [turn, account] of stuck.entries()) {
        const served = times(100, () => rig.call(account))
        normal.push(...(await waitsOfOthers()))
        assert.deepEqual(new Set((await Promise.all(served)).map(told)), new Set(['200']))
        await rig.expire(account)
        const [asked, go] = [Promise.withResolvers<'asked'>(), Promise.withResolvers<void>()]
        dead.once('connection', () => asked.resolve('asked'))
        const hang = () => {
          asked.resolve('asked')
          return { wait: go.promise }
        }
        rig.provider.script(account, { onToken: hang })
        // What is under a cache lease still goes through; the first that does not hangs.
        const early: Promise<Told>[] = []
        await until('a renewal is asked for', async () => {
          const call = rig.call(account)
          early.push(call)
          return (await Promise.race([call, asked.promise])) === 'asked'
        })
        let isStuck = true
        const over = Promise.all([...early, ...times(100, () => rig.call(account))]).then(() => {
          isStuck = false
        })
        await until('it hangs', () => rig.history.open >= 100)
        meanwhile.push(...(await waitsOfOthers()))
        assert.ok(isStuck, 'the others were served while it hung')
        go.resolve()
        if (turn === turns - 1) await rig.nodes[0]?.kill()
        await over
      }
      const [before, since] = [normal, meanwhile].map(
        waits => [percentile(waits, 0.5), percentile(waits, 0.99)] as const,
      )
      t.diagnostic(
        `500 calls a second: median ${before?.[0].toFixed(1)}, p99 ${before?.[1].toFixed(1)} ms; while 100 hang ${phase} ${since?.[0].toFixed(1)} and ${since?.[1].toFixed(1)} ms, ${((since?.[1] ?? 0) / (before?.[1] ?? 1)).toFixed(2)} of it`,
      )
      dead.close()
    })

  it('RP-02 looks a name up once for all who wait for it: one that no name server answers for leaves room for others', async () => {
    const asked: string[] = []
    const slow = Promise.withResolvers<readonly { readonly address: string }[]>()
    await using outbound = createOutbound({
      allow: parseOutboundAllow('127.0.0.0/8'),
      resolve: name => {
        asked.push(name)
        return slow.promise
      },
    })
    const wanted = (host: string, at: number) => ({ ...asking(`https://${host}/${at}`), deadlineMs: 1_000 })
    const ended = Promise.allSettled(
      times(50, at => outbound.fetch(wanted(`${at % 2 === 0 ? 'slow' : 'other'}.example`, at))),
    )
    await until('both are asked for', () => new Set(asked).size === 2)
    assert.ok((await ended).every(({ status }) => status === 'rejected'))
    assert.deepEqual(asked.sort(), ['other.example', 'slow.example'])
    slow.reject(new Error('no answer'))
    await until('it is asked for anew once that is over', async () => {
      await outbound.fetch(wanted('slow.example', 0)).catch(() => undefined)
      return asked.length === 3
    })
  })

  for (const [what, tokenUrl] of [
    ['a name that is not found', 'https://no-such-host.invalid/token'],
    ['a certificate that nobody vouches for', 'https://localhost:PORT/token'],
  ] as const)
    it(`RR-10 marks nobody and deletes nothing for a token endpoint with ${what}`, async () => {
      const server = createTlsServer(certificate('localhost'))
        .on('tlsClientError', () => undefined)
        .listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      await using rig = await startFaultRig({
        engine: 'SQLite',
        nodes: LONG ? 3 : 1,
        people: 2,
        tokenUrl: tokenUrl.replace('PORT', String(port)),
      })
      const [account = '', other = ''] = rig.accounts
      await rig.expire(account)
      for (const [node] of rig.nodes.entries())
        assert.equal(told(await rig.call(account, { node })), 'provider_unavailable')
      assert.equal((await rig.call(other)).status, 200, 'whose token lives')
      const there = (await rig.final()).connections.find(connection => connection.account === account)
      assert.deepEqual([there?.status, there?.refreshToken], ['connected', rig.provider.newest(account)?.refreshToken])
      await rig.judge()
      server.close()
    })
})

describe('clocks', () => {
  it('RR-14 nodes ten minutes ahead and behind call with live tokens, go into no loop, and warn', async t => {
    provideProgram('/usr/bin/faketime', 'faketime')
    const [library = assert.fail('libfaketime is not there')] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
    const shifts = ['+0', '+600', '-600']
    await using rig = await startFaultRig({
      engine: 'SQLite',
      nodes: 3,
      people: 3,
      env: { FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
      before: node => (node === 0 ? [] : ['env', `LD_PRELOAD=${library}`, `FAKETIME=${shifts[node]}s`]),
    })
    for (const [node, account] of rig.accounts.entries()) {
      await rig.expire(account)
      for (let call = 0; call < 5; call += 1) assert.equal((await rig.call(account, { node })).status, 200)
      assert.equal(rig.provider.refreshes(account).length, 1, `no loop at ${shifts[node]} s`)
    }
    const warned = rig.nodes.map(({ lines }) => lines.some(line => line.includes('clock.skewed')))
    assert.deepEqual(warned, [false, true, true])
    // A node that is behind takes another's token for live longer than it is: the API says otherwise, and one refresh follows.
    const [account = ''] = rig.accounts
    rig.provider.killAccess(account)
    const answers = await Promise.all(rig.nodes.map((_, node) => rig.call(account, { node })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal(rig.provider.refreshes(account).length, 2)
    t.diagnostic(`seed ${rig.seed.value}, nodes at ${shifts.join(', ')} s`)
  })
})
