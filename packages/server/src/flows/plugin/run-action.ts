import type { PluginAction } from '@behalf/contract'
import { actionCall } from '../../domain/action-call.ts'
import { InputFault } from '../../domain/action-template.ts'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { createCallProvider } from '../gateway/call-provider.ts'
import type { OutgoingCall } from '../gateway/outgoing-call.ts'
import { createLaunched, type LaunchedNeeds } from '../launch/launched.ts'
import { collectAnswer } from './collect-answer.ts'
import { createNeededConnections } from './needed-connections.ts'
import type { NamedSubject, ResolveNeeds } from './resolve-subject.ts'
import { createSpeakFor, type Spoken } from './speak-for.ts'

export type RunAsked = {
  readonly pluginName: string
  readonly actionName: string
  readonly input: Readonly<Record<string, unknown>>
  readonly named: NamedSubject
  /** How long the caller would wait for the person to connect what is missing (RFC 7240 4.3), milliseconds. */
  readonly waitMs: number
  readonly signal: AbortSignal
}

export type Ran = {
  readonly runId: string
  /** The provider's. */
  readonly status: number
  readonly output: unknown
  /** Whether it waited for the person. */
  readonly waited: boolean
}

type Needs = ResolveNeeds &
  LaunchedNeeds &
  Pick<Ports, 'connectLinks' | 'connections' | 'connectors' | 'metrics' | 'plugins' | 'schemas'> &
  Pick<ReturnType<typeof createCallProvider>, 'sendCall' | 'noteRefused'>

/** A session was looked at with this very request. */
const NEVER = Number.POSITIVE_INFINITY
const POLL_MS = 500
const MOST_WAIT_MS = 120_000
const MOST_WAITING = 200

/**
 * Runs an action of a plugin on a person's behalf: judges the input, sees that every connection the plugin needs is there, calls, judges the
 * output. Throws what speaking for a person throws, `plugin_not_found`, `action_not_found`, `invalid_request`, `connection_required`,
 * `reconnect_required` and `scope_insufficient` with one link for all that is missing, and what a gateway call throws. After `endWaitingRuns` those
 * that wait end with `shutting_down`.
 */
export function createRunAction(ports: Needs) {
  const speakFor = createSpeakFor(ports)
  const { launchedTo, connectorOfAction } = createLaunched(ports)
  const { lacking, problemOf } = createNeededConnections(ports)
  let waiting = 0
  let isStopping = false
  return {
    runAction,
    endWaitingRuns() {
      isStopping = true
    },
  }

  async function runAction(context: RequestContext, principal: Principal, asked: RunAsked): Promise<Ran> {
    const spoken = await speaking(context, principal, asked)
    const action = spoken.plugin.definition.actions.find(({ name }) => name === asked.actionName)
    if (action === undefined) throw new BrokerError('action_not_found')
    const runId = ports.entropy.newId<string>('run')
    const call = callOf(action, asked, runId)
    const waited = await connected(context, principal, spoken, call, asked)
    // What was waited for may have outlived what it was read under.
    const now = waited ? await speaking(context, principal, asked) : spoken
    const send = () => collectAnswer(sink => ports.sendCall(context, call, now, sink))
    const { status, body } = waited ? await endTold(context, principal, spoken, call, send) : await send()
    ports.metrics.count('runs', status < 400 ? 'done' : 'refused')
    if (status < 400) judgeOutput(action, body)
    return { runId, status, output: body, waited }
  }

  async function speaking(context: RequestContext, principal: Principal, asked: RunAsked): Promise<Spoken> {
    if (principal.kind === 'plugin_key') {
      const { plugin } = principal
      if (plugin.definition.name !== asked.pluginName) throw new BrokerError('plugin_not_found')
      const connector = await connectorOfAction(context, plugin, asked.actionName)
      return speakFor(context, principal, asked.named, connector ?? '')
    }
    // An API key speaks for nobody; people run actions for themselves.
    if (principal.kind === 'api_key')
      throw new BrokerError('forbidden', { detail: 'Actions run for a person: send a plugin key.' })
    const readAt = ports.leases.now()
    const plugin: Plugin = await readPluginByName(ports, context, asked.pluginName)
    const { value: launched } = await launchedTo(context, plugin, principal.person)
    return { plugin: launched.plugin, launched, person: principal.person, keyId: null, readAt, untilAt: NEVER }
  }

  function callOf(action: PluginAction, { input, named }: RunAsked, runId: string): OutgoingCall {
    const errors = ports.schemas
      .faults(action.input, input)
      .map(fault => ({ ...fault, pointer: `/input${fault.pointer}` }))
    if (errors.length > 0)
      throw new BrokerError('invalid_request', { detail: 'The input does not fit the action.', errors })
    try {
      const { method, remainder, headers, body } = actionCall(action, input)
      const run = { runId, action: action.name, pathTemplate: action.path }
      const sent = body === undefined ? undefined : once(body)
      return { named, connectorName: action.connector, method, remainder, headers, body: sent, run }
    } catch (error) {
      if (!(error instanceof InputFault)) throw error
      const fault = { pointer: `/input${error.field === '' ? '' : `/${error.field}`}`, reason: error.message }
      throw new BrokerError('invalid_request', { detail: 'The input does not fit the action.', errors: [fault] })
    }
  }

  /** Whether it had to wait. Nothing runs before everything the plugin needs is connected. */
  async function connected(
    context: RequestContext,
    principal: Principal,
    spoken: Spoken,
    call: OutgoingCall,
    { waitMs, signal }: RunAsked,
  ): Promise<boolean> {
    const lacks = await lacking(context, spoken)
    if (lacks.length === 0) return false
    const problem = await problemOf(context, spoken, lacks)
    const until = ports.clock.monotonic() + Math.min(waitMs, MOST_WAIT_MS)
    if (waitMs > 0 && waiting < MOST_WAITING && !isStopping) {
      await tell(context, principal, spoken, call, 'run.waiting')
      const came = await appeared(context, spoken, until, signal)
      if (came) await tell(context, principal, spoken, call, 'run.resumed')
      if (came) return true
      const ended = isStopping ? new BrokerError('shutting_down') : problem
      await tell(context, principal, spoken, call, 'run.ended', ended)
      if (isStopping) {
        ports.noteRefused(context, call, spoken, ended)
        throw ended
      }
    }
    ports.noteRefused(context, call, spoken, problem)
    throw problem
  }

  // Whoever began a run that waited may have left: webhooks hear what came of it.
  async function endTold<Answer>(
    context: RequestContext,
    principal: Principal,
    spoken: Spoken,
    call: OutgoingCall,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const answer = await send()
      await tell(context, principal, spoken, call, 'run.ended')
      return answer
    } catch (error) {
      await tell(context, principal, spoken, call, 'run.ended', error)
      throw error
    }
  }

  function tell(
    context: RequestContext,
    principal: Principal,
    { plugin, person }: Spoken,
    { run }: OutgoingCall,
    action: 'run.waiting' | 'run.resumed' | 'run.ended',
    error?: unknown,
  ): Promise<void> {
    const code = error === undefined ? {} : { code: error instanceof BrokerError ? error.code : 'internal' }
    const fields = {
      ...(error === undefined ? {} : { result: 'failed' as const }),
      onBehalfOf: person.id,
      target: run?.runId ?? null,
      details: { plugin: plugin.definition.name, action: run?.action ?? null, ...code },
    }
    return ports.audit.add([newAuditEvent(ports, context, principal, action, fields)])
  }

  /** Whether what was missing came in time, on whichever node the person connected. */
  async function appeared(
    context: RequestContext,
    spoken: Spoken,
    until: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    waiting += 1
    try {
      while (ports.clock.monotonic() < until && !signal.aborted && !isStopping) {
        await ports.clock.sleep(Math.min(POLL_MS, Math.max(1, until - ports.clock.monotonic())))
        if ((await lacking(context, spoken)).length === 0) return true
      }
      return false
    } finally {
      waiting -= 1
    }
  }

  function judgeOutput({ output }: PluginAction, body: unknown): void {
    const errors = output === undefined ? [] : ports.schemas.faults(output, body)
    if (errors.length === 0) return
    const told = errors.map(fault => ({ ...fault, pointer: `/output${fault.pointer}` }))
    throw new BrokerError('provider_invalid_response', {
      detail: 'The answer does not fit the action’s output.',
      errors: told,
    })
  }
}

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text)
}
