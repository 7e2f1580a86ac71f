import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Received } from './inbox.ts'
import type { PlaygroundFile } from './set-up.ts'
import { createVisitor } from './visitor.ts'

// The sample plugin's whole life by real calls against a started playground: launched, debugged as the source's procedure says, watched, told of.
const file = JSON.parse(
  readFileSync(join(resolve(process.env['BEHALF_DATA'] ?? './data'), 'playground.json'), 'utf8'),
) as PlaygroundFile
const ACTION = 'list-contacts'
const MOST_TRIES = 50
const plugin = `/plugins/${file.plugin}`
const personOf = (role: string) => {
  const person = file.people.find(candidate => candidate.role === role)
  if (person === undefined) throw new Error(`There is no sample ${role}`)
  return { ...person, visitor: createVisitor(file.url, person) }
}
const [una, dev] = [personOf('end_user'), personOf('developer')]
const say = (text: string) => void process.stdout.write(`${text}\n`)

type Entry = { readonly redaction: string; readonly content: { readonly response_body: string | null } | null }

await connect()
await procedure()
await debugWindow()
await launch({ kind: 'everyone' }, 'the tour is over')
await told()
await used()

/** Una connects the sample system, with the link that a refused run brings. */
async function connect(): Promise<void> {
  const refused = await run()
  if (refused.code === 'connection_required') {
    const page = await una.visitor.go(refused.connect_url ?? '')
    await una.visitor.submit(page, new URL(page.url).pathname)
    say(`${una.email} connected ${file.connector} with the link that the refused run brought.`)
  }
  const ran = await run()
  say(`${ACTION} ran on her behalf: ${JSON.stringify(ran.output)}`)
}

/** Strict for eleven; unlaunch, launch to ten, reproduce, read the logs, launch to eleven again. */
async function procedure(): Promise<void> {
  for (const [count, reason] of [
    [11, 'for the sales team'],
    [10, 'to reproduce an error'],
    [11, 'with the fix'],
  ] as const) {
    await unlaunch(reason)
    const colleagues = Array.from({ length: count - 1 }, (_, index) => `colleague${index + 1}@acme.example`)
    const launched = await launch({ kind: 'people', people: [una.email, ...colleagues] }, reason)
    const { redaction, content } = await loggedRun()
    const kept = content === null ? 'nothing of what the call holds' : (content.response_body ?? 'an empty body')
    say(`Launched to ${count} people, ${launched['effective_redaction']}: logged under ${redaction}, keeping ${kept}`)
  }
}

/** The developer asks, Una agrees on her connections page, and her calls alone are kept, until she ends it. */
async function debugWindow(): Promise<void> {
  await setDebugWindows(true)
  const subject = await subjectOf(una.email)
  const asked = { plugin: file.plugin, subject, reason: 'An error that only she meets', minutes: 5 }
  await dev.visitor.go(`${file.url}/connections`)
  const { id } = await dev.visitor.rest('POST', '/debug-windows', asked)
  say(
    `${dev.email} asks ${una.email} for a debug window of 5 minutes: ${(await loggedRun()).redaction} until she agrees.`,
  )
  const page = await una.visitor.go(`${file.url}/connections`)
  const agreed = await una.visitor.submit(page, `/debug-windows/${id}/agree`)
  // Known on every node within a cache lease.
  let entry = await loggedRun()
  for (let tries = 0; entry.redaction === 'strict' && tries < MOST_TRIES; tries += 1) {
    await delay(100)
    entry = await loggedRun()
  }
  say(`She agreed: logged under ${entry.redaction}, keeping ${entry.content?.response_body}`)
  await una.visitor.submit(agreed, `/debug-windows/${id}/end`)
  say(`She ended it: logged under ${(await loggedRun()).redaction}.`)
  await setDebugWindows(false)
}

async function told(): Promise<void> {
  let received: readonly Received[] = []
  const launches = () => received.filter(({ type }) => type === 'launch.started').length
  for (let tries = 0; launches() < 4 && tries < MOST_TRIES; tries += 1) {
    await delay(100)
    received = (await (await fetch(`${file.sso_url}/webhooks`)).json()) as readonly Received[]
  }
  const types = Map.groupBy(received, ({ type }) => type)
  say(`Webhooks received, each signed: ${[...types].map(([type, all]) => `${type} ${all.length}`).join(', ')}`)
}

async function used(): Promise<void> {
  const { items } = await una.visitor.rest('GET', '/usage')
  const [usage] = items as readonly { readonly plugin: string; readonly connector: string; readonly calls: number }[]
  const { url, html } = await una.visitor.go(`${file.url}/history`)
  const isThere = html.includes('Sales assistant') ? 'shows' : 'does not show'
  say(`${una.email} sees that ${usage?.plugin} used ${usage?.connector} ${usage?.calls} times; ${url} ${isThere} it.`)
}

async function launch(launchAudience: unknown, reason: string) {
  return api('POST', `${plugin}/launches`, { launch_audience: launchAudience, reason, replace: true })
}

async function unlaunch(reason: string): Promise<void> {
  await api('DELETE', `${plugin}/launches?reason=${encodeURIComponent(reason)}`)
}

async function loggedRun(): Promise<Entry> {
  let ran = await run()
  // A launch is known on every node within a cache lease.
  for (let tries = 0; ran.code === 'plugin_not_launched' && tries < MOST_TRIES; tries += 1) {
    await delay(100)
    ran = await run()
  }
  const { items } = await api('GET', `/call-logs?run=${ran.run_id}`)
  const [entry] = items as readonly Entry[]
  if (entry === undefined) throw new Error(`A run left no entry: ${JSON.stringify(ran)}`)
  return entry
}

type Ran = {
  readonly run_id?: string
  readonly output?: unknown
  readonly code?: string
  readonly connect_url?: string
}

async function run(): Promise<Ran> {
  const response = await fetch(`${file.url}/api/v1${plugin}/actions/${ACTION}/run`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${file.plugin_key}`,
      'behalf-subject': una.email,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ input: { company: 'Northwind' } }),
  })
  return (await response.json()) as Ran
}

async function subjectOf(email: string): Promise<string> {
  const { items } = await api('GET', '/people')
  const known = items as readonly { readonly id: string; readonly email: string }[]
  return known.find(candidate => candidate.email === email)?.id ?? ''
}

async function setDebugWindows(on: boolean): Promise<void> {
  const { version } = await api('GET', '/organization')
  await api('PATCH', '/organization', { debug_windows: on }, { 'if-match': `"${version}"` })
}

async function api(
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${file.api_key}`, 'content-type': 'application/json', ...more }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${file.url}/api/v1${path}`, { method, headers, ...sent })
  const answer = response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>)
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
  return answer
}
