import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type LaunchId, type PluginKeyId, pluginDefinition } from '@behalf/contract'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { hostsOf } from '../../src/domain/connector.ts'
import type { Person } from '../../src/domain/person.ts'
import { NOTHING_KNOWN } from '../../src/domain/roster.ts'
import { reveal } from '../../src/domain/secret.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import { Conversation } from '../../src/flows/gateway/conversation.ts'
import { createLeases } from '../../src/flows/request/leases.ts'
import { watchWrites } from '../../src/flows/request/watch-writes.ts'
import { createRecheckUse } from '../../src/flows/revoke/recheck-use.ts'
import { createExchangeToken } from '../../src/flows/token/exchange-token.ts'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import { bodyDecoder } from '../../src/platform/body-decoder.ts'
import type { UpstreamRequest, UpstreamSink } from '../../src/ports/outbound.ts'
import { eventually } from '../support/eventually.ts'
import { flowRig, tokens } from '../support/flow-rig.ts'
import { launchedPlugin } from '../support/launched-plugin.ts'

/** A way out whose connections become free only when the test says so. */
function slowOutbound() {
  const waiting: { request: UpstreamRequest; sink: UpstreamSink }[] = []
  return {
    waiting,
    stream(request: UpstreamRequest, sink: UpstreamSink) {
      waiting.push({ request, sink })
      return { abort: (reason: unknown) => sink.onError(reason), resume: () => {} }
    },
    fetch: () => assert.fail('not asked for'),
    check: () => assert.fail('not asked for'),
  }
}

/** The person of the rig's connection, as after a sign-in. */
function signedIn(rig: Awaited<ReturnType<typeof flowRig>>): Promise<Person> {
  const { orgId, subjectId: id } = rig.connection
  return rig.store.people.recordSignIn({
    id,
    orgId,
    issuer: 'https://sso.example',
    sub: 'una',
    email: null,
    emailVerified: false,
    name: null,
    status: 'active',
    grantedRoles: [],
    claimRoles: [],
    claims: NOTHING_KNOWN,
    imported: NOTHING_KNOWN,
    lastProofAt: rig.ports.clock.now(),
    createdAt: 0,
    version: 1,
  })
}

async function conversation(body?: AsyncIterable<Uint8Array>) {
  const rig = await flowRig()
  let monotonic = 0
  const clock = { ...rig.ports.clock, monotonic: () => monotonic, now: () => 1_000_000 + monotonic }
  rig.provider.answer = async () => tokens('1', null)
  const token = await createFreshToken(rig.ports)(rig.context, rig.connection.id)
  const outbound = slowOutbound()
  const plugin = await launchedPlugin(rig.ports, rig.context.organization, { name: 'assistant' })
  const readAt = { monotonic: 0, wall: 1_000_000 }
  const told: (string | number)[] = []
  const { promise: talk, resolve, reject } = Promise.withResolvers<void>()
  const conversation = new Conversation(
    {
      ...rig.ports,
      bodyDecoder,
      clock,
      outbound,
      recheckUse: createRecheckUse({ ...rig.ports, clock }),
      record: (_, { status, code }) => void told.push(code ?? status ?? 'nothing'),
      again: () => assert.fail('nothing was refused'),
    },
    {
      context: { ...rig.context, requestId: 'req', address: null },
      call: {
        named: {},
        connectorName: 'crm',
        method: body === undefined ? 'GET' : 'POST',
        remainder: 'me',
        headers: [],
        body,
      },
      terms: { redaction: 'strict', launchId: 'lch_x' as LaunchId, pathPrefix: '' },
      startedAt: 0,
      observed: undefined,
      spoken: {
        plugin,
        launched: { plugin, version: 1, launchId: 'lch_x' as LaunchId, launchedAt: 0, policy: 'strict' },
        person: await signedIn(rig),
        keyId: 'pky_x' as PluginKeyId,
        readAt,
        untilAt: Number.POSITIVE_INFINITY,
      },
      sink: {
        onHead: status => void told.push(status),
        onData: () => true,
        onEnd() {
          told.push('end')
          resolve()
        },
        onCut: () => void told.push('cut'),
        onFailed: reject,
      },
    },
  )
  conversation.begin({ token, readAt })
  talk.catch(() => undefined)
  return {
    rig,
    outbound,
    told,
    talk,
    pass(ms: number) {
      monotonic += ms
    },
    /** A connection becomes free: the request goes out, or may not. */
    async free(at: number) {
      const { request, sink } = outbound.waiting[at] ?? assert.fail(`no request ${at}`)
      const may = request.mayWrite()
      if (!may) sink.onError(new Error('no longer allowed'))
      for (let turn = 0; turn < 50 && outbound.waiting.length <= at + 1; turn += 1)
        await new Promise(resolve => setImmediate(resolve))
      return may
    },
  }
}

describe('the cache lease', () => {
  it('is looked at when the request is written: one that waited longer is authorized anew, then sent, its body whole', async () => {
    async function* body() {
      yield new TextEncoder().encode('untouched')
    }
    const { rig, outbound, told, talk, pass, free } = await conversation(body())
    await using _ = rig
    pass(701)
    assert.equal(await free(0), false)
    assert.equal(await free(1), true)
    const { request, sink } = outbound.waiting[1] ?? assert.fail()
    let sent = ''
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) sent += new TextDecoder().decode(chunk)
    assert.equal(sent, 'untouched')
    sink.onHead(200, [])
    sink.onEnd()
    await talk
    assert.deepEqual(told, [200, 200, 'end'])
  })

  it('lets nothing out that waited while the connection was ended elsewhere', async () => {
    const { rig, outbound, told, talk, pass, free } = await conversation()
    await using _ = rig
    await rig.database.run('UPDATE connections SET generation = generation + 1')
    pass(701)
    assert.equal(await free(0), false)
    await assert.rejects(talk, error => error instanceof BrokerError && error.code === 'connection_required')
    assert.equal(outbound.waiting.length, 1)
    assert.deepEqual(told, ['connection_required'])
  })

  it('lets nothing out that waited while the launch was ended elsewhere', async () => {
    const { rig, outbound, talk, pass, free } = await conversation()
    await using _ = rig
    await rig.database.run('UPDATE launches SET ended_at = 1')
    pass(701)
    assert.equal(await free(0), false)
    await assert.rejects(talk, error => error instanceof BrokerError && error.code === 'connection_required')
    assert.equal(outbound.waiting.length, 1)
  })

  it('lapses as often as it may while no connection is free: the call waits until its answer’s head is due, and no longer', async () => {
    const { rig, outbound, told, talk, pass, free } = await conversation()
    await using _ = rig
    const { head_s } = rig.connector.definition.gateway.limits
    const waits = Math.floor((head_s * 1_000) / 701)
    for (let wait = 0; wait < waits; wait += 1) {
      pass(701)
      assert.equal(await free(wait), false)
    }
    assert.equal(outbound.waiting.length, waits + 1, 'it is still waiting')
    assert.equal(outbound.waiting.at(-1)?.request.headDeadlineMs, head_s * 1_000 - waits * 701)
    pass(701)
    assert.equal(await free(waits), false)
    await assert.rejects(talk, error => error instanceof BrokerError && error.code === 'provider_timeout')
    assert.deepEqual(told, ['provider_timeout'])
  })

  it('RR-01 is read again once for all calls that waited together, and once more for all that come meanwhile', async () => {
    await using rig = await flowRig()
    const plugin = await launchedPlugin(rig.ports, rig.context.organization, { name: 'assistant' })
    const { orgId, id, generation, subjectId } = rig.connection
    await signedIn(rig)
    const slow = Promise.withResolvers<void>()
    let readings = 0
    const recheckUse = createRecheckUse({
      ...rig.ports,
      connections: {
        ...rig.ports.connections,
        async stale(open) {
          readings += 1
          await slow.promise
          return rig.ports.connections.stale(open)
        },
      },
    })
    const use = { orgId, id, generation, subjectId, keyId: null, pluginId: plugin.id }
    const first = Array.from({ length: 200 }, () => recheckUse({ ...use }))
    await eventually(
      async () => readings,
      count => count === 1,
    )
    const meanwhile = Array.from({ length: 200 }, (_, at) => recheckUse({ ...use, generation: generation + (at % 2) }))
    slow.resolve()
    assert.ok((await Promise.all(first)).every(({ hasEnded }) => !hasEnded))
    const ended = (await Promise.all(meanwhile)).map(({ hasEnded }) => hasEnded)
    assert.equal(readings, 2)
    assert.deepEqual(
      ended,
      meanwhile.map((_, at) => at % 2 === 1),
      'each is told of its own use',
    )
  })

  it('is shared by callers at once, and ended by this node’s own writes, also for a reading under way', async () => {
    await using rig = await flowRig()
    const leases = createLeases(rig.ports)
    const stores = watchWrites(rig.store, leases)
    rig.provider.answer = async () => tokens('1', rig.ports.clock.now() + 3_600_000)
    const freshToken = createFreshToken({ ...rig.ports, ...stores })
    let readings = 0
    const read = () => {
      readings += 1
      return freshToken(rig.context, rig.connection.id)
    }
    await read()
    readings = 0
    const held = await Promise.all(Array.from({ length: 20 }, () => leases.grants.through('key', read)))
    assert.equal(readings, 1)
    assert.equal(reveal(held[0]?.value.accessToken ?? assert.fail()), 'access-1')
    const connection = await rig.read()
    const underWay = leases.grants.through('other', async () => {
      const token = await read()
      const audit =
        (await rig.store.audit.list(connection.orgId, {}, { after: null, limit: 1 })).items[0] ?? assert.fail()
      await stores.connections.disconnect(connection, [], { ...audit, id: rig.ports.entropy.newId('aud') })
      return token
    })
    await underWay
    assert.equal(leases.grants.peek('key'), undefined)
    assert.equal(leases.grants.peek('other'), undefined, 'what was read before the write is not kept')
    await assert.rejects(Promise.resolve(leases.grants.through('key', read)))
  })

  it('is looked at once more after the audit of a release: a token whose connection ended meanwhile does not leave', async () => {
    await using rig = await flowRig()
    rig.provider.answer = async () => tokens('1', null)
    const { orgId, subjectId: id } = rig.connection
    const approved = newAuditEvent(rig.ports, rig.context, 'system', 'connector.approved')
    await rig.store.connectors.approve(orgId, rig.connector.id, hostsOf(rig.connector.definition), 1, approved)
    await signedIn(rig)
    let monotonic = 0
    let slow = async () => {}
    const clock = { ...rig.ports.clock, monotonic: () => monotonic }
    const audit: typeof rig.store.audit = {
      ...rig.store.audit,
      async add(events) {
        await rig.store.audit.add(events)
        if (events[0]?.action === 'token.released') await slow()
      },
    }
    const leases = createLeases({ clock })
    const absent = (): never => assert.fail('not asked for')
    const urls = { ofOrganization: () => 'https://acme.example', slugOf: absent, secure: true, production: true }
    const signIn = { authorizationUrl: absent, complete: absent, endSessionUrl: absent, verifySubjectToken: absent }
    const exchangeToken = createExchangeToken({ ...rig.ports, audit, clock, leases, urls, signIn })
    const connectors = pluginDefinition.shape.connectors.parse([{ connector: 'crm' }])
    const asked = { name: 'assistant', connectors, trusted: 'launch_audience', token_release: ['crm'] } as const
    const plugin = await launchedPlugin(rig.ports, rig.context.organization, { ...asked, token_release: ['crm'] })
    const released = () =>
      exchangeToken(
        { ...rig.context, requestId: 'req', address: null },
        {
          principal: {
            kind: 'plugin_key',
            keyId: 'pky_x' as PluginKeyId,
            plugin,
            roles: [],
            readAt: leases.now(),
          },
          named: { subject: id, ssoTokenOnly: true },
          connectorName: 'crm',
          wants: 'provider_token',
          scope: null,
        },
      )
    slow = async () => {
      monotonic += 701
    }
    assert.equal((await released()).kind, 'provider_token', 'slow alone is no reason to refuse')
    slow = async () => {
      monotonic += 701
      await rig.database.run('UPDATE connections SET generation = generation + 1')
    }
    await assert.rejects(released(), error => error instanceof BrokerError && error.code === 'connection_required')
  })
})
