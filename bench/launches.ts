import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CallId,
  type LaunchId,
  type OrgId,
  type PluginId,
  pluginDefinition,
  type SubjectId,
} from '@behalf/contract'
import type { CallFacts } from '../packages/server/src/domain/call-entry.ts'
import type { Launch, LaunchAudience } from '../packages/server/src/domain/launch.ts'
import { compileAudience } from '../packages/server/src/domain/launch-audience.ts'
import { compileLaunches, reachedBy } from '../packages/server/src/domain/live-launches.ts'
import type { Organization } from '../packages/server/src/domain/organization.ts'
import type { Person } from '../packages/server/src/domain/person.ts'
import type { Plugin } from '../packages/server/src/domain/plugin.ts'
import { redactStrictly } from '../packages/server/src/domain/redaction/redact-call.ts'
import { NOTHING_KNOWN } from '../packages/server/src/domain/roster.ts'
import { newAuditEvent } from '../packages/server/src/flows/audit/new-audit-event.ts'
import { createLaunched } from '../packages/server/src/flows/launch/launched.ts'
import { createPreviewLaunch } from '../packages/server/src/flows/launch/preview-launch.ts'
import { createLeases } from '../packages/server/src/flows/request/leases.ts'
import { systemClock } from '../packages/server/src/platform/clock.ts'
import { createEntropy } from '../packages/server/src/platform/entropy.ts'
import { openStore, type Store } from '../packages/server/src/store/store.ts'
import { launchedPlugin } from '../packages/server/test/support/launched-plugin.ts'

const PEOPLE = 10_000
const CHECKS = 1_000_000
/** Call log entries of a round, and those written at once. */
const ENTRIES = 20_000
const BATCH = 500
const RULE =
  'department == "IT" and country in ["DE", "AT"] and not (title contains "intern") and (level >= 3 or groups contains "leads")'

const entropy = createEntropy(systemClock)
const orgId = entropy.newId<OrgId>('org')
const one = <Value>(list: readonly Value[], index: number): Value => list[index % list.length] as Value

const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, index) => ({
  id: entropy.newId<SubjectId>('sub'),
  orgId,
  issuer: 'https://sso.example',
  sub: `s${index}`,
  email: `s${index}@example.com`,
  emailVerified: true,
  name: `Person ${index}`,
  status: 'active',
  grantedRoles: [],
  claimRoles: [],
  claims: {
    groups: [one(['sales', 'leads', 'testers'], index)],
    attributes: {
      department: one(['IT', 'HR', 'Sales'], index),
      country: one(['DE', 'AT', 'US', 'FR', 'JP'], index),
      title: one(['engineer', 'intern', 'manager', 'lead'], index),
      level: index % 10,
    },
  },
  imported: NOTHING_KNOWN,
  lastProofAt: 0,
  createdAt: 0,
  version: 1,
}))

const launch = (launchAudience: LaunchAudience): Launch => ({
  id: entropy.newId<LaunchId>('lch'),
  orgId,
  pluginId: entropy.newId<PluginId>('plg'),
  pluginVersion: 1,
  launchAudience,
  redaction: 'standard',
  agreed: [],
  approvedReach: null,
  launchedAt: 1,
  launchedBy: 'bench',
  reason: 'measured',
  endedAt: null,
  endedBy: null,
  endReason: null,
})
const named = (count: number): LaunchAudience => ({
  kind: 'people',
  people: people.slice(0, count).map(({ id, email }) => ({ subjectId: id, email })),
})

const say = (name: string, value: string) => process.stdout.write(`  ${name.padEnd(62)} ${value.padStart(12)}\n`)
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

function millis(work: () => void, rounds = 21): number {
  return middle(
    Array.from({ length: rounds }, () => {
      const begun = performance.now()
      work()
      return performance.now() - begun
    }),
  )
}

process.stdout.write(`Launches, ${PEOPLE.toLocaleString('en')} people, medians\n`)
let reached = 0
const rule = compileAudience({ kind: 'rule', rule: RULE })
say(
  'a rule of five comparisons over all of them',
  `${millis(() => {
    reached = people.filter(person => rule.reaches(person)).length
  }).toFixed(2)} ms`,
)
say(
  'the same, read anew each time',
  `${millis(() => void people.filter(compileAudience({ kind: 'rule', rule: RULE }).reaches)).toFixed(2)} ms`,
)
if (reached === 0 || reached === PEOPLE) throw new Error('the rule decides nothing')

const definition = pluginDefinition.parse({ name: 'bench', connectors: [{ connector: 'crm' }] })
const manifests = new Map([[1, definition]])
for (const [name, audience] of [
  ['10 named people', named(10)],
  ['1,000 named people', named(1_000)],
  ['everyone', { kind: 'everyone' }],
  ['a rule of five comparisons', { kind: 'rule', rule: RULE }],
] as const) {
  const compiled = compileLaunches({ launches: [launch(audience)], manifests })
  let hits = 0
  const took = millis(() => {
    for (let check = 0; check < CHECKS; check += 1)
      if (reachedBy(compiled, people[check % PEOPLE] as Person, 10) !== undefined) hits += 1
  }, 5)
  if (hits === 0) throw new Error('nobody was reached')
  say(`a membership check, ${name}`, `${((took / CHECKS) * 1_000).toFixed(3)} µs`)
}

const dataDir = mkdtempSync(join(tmpdir(), 'behalf-bench-'))
try {
  await using store = await openStore({ dataDir })
  const ports = { ...store, clock: systemClock, entropy, leases: createLeases({ clock: systemClock }) }
  const organization = { id: orgId, strictAbove: 10 } as Organization
  const plugin: Plugin = await launchedPlugin(ports, organization, { name: 'bench' })
  const { launchedTo } = createLaunched(ports)
  const rounds = 200_000
  const begun = performance.now()
  for (let check = 0; check < rounds; check += 1)
    await launchedTo({ organization }, plugin, people[check % PEOPLE] as Person)
  say(
    'the whole question under its lease, readings among it',
    `${(((performance.now() - begun) / rounds) * 1_000).toFixed(3)} µs`,
  )
  await sayLogCost(store)
  for (const person of people) await store.people.recordSignIn(person)
  await store.audit.add([newAuditEvent(ports, { organization }, 'system', 'organization.created')])
  const { previewLaunch } = createPreviewLaunch(ports)
  const asked = { launchAudience: { kind: 'rule', rule: RULE }, redaction: 'standard', replace: true } as const
  const times: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const at = performance.now()
    const { people: count } = await previewLaunch({ organization, requestId: 'req', address: null }, 'bench', asked)
    if (count !== reached) throw new Error(`the preview counts ${count}, and the rule ${reached}`)
    times.push(performance.now() - at)
  }
  say('a preview of the rule, the roster read from SQLite', `${middle(times).toFixed(0)} ms`)
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

/** What an entry under strict costs from the facts of its call to the disk: on the main thread, which calls wait for, and in all. */
async function sayLogCost({ callLog }: Store): Promise<void> {
  const rounds: { readonly main: number; readonly all: number }[] = []
  for (let round = 0; round < 15; round += 1) {
    const [without, logged] = [await cost(() => {}), await cost(facts => callLog.append(redactStrictly(facts)))]
    rounds.push({ main: logged.main - without.main, all: logged.all - without.all })
  }
  if (callLog.dropped() > 0) throw new Error('entries were dropped')
  say('a call log entry, on the main thread', `${middle(rounds.map(({ main }) => main)).toFixed(2)} µs`)
  say('the same, with the thread that writes', `${middle(rounds.map(({ all }) => all)).toFixed(2)} µs`)

  async function cost(write: (facts: CallFacts) => void): Promise<{ readonly main: number; readonly all: number }> {
    const [main, all] = [process.threadCpuUsage(), process.cpuUsage()]
    for (let batch = 0; batch < ENTRIES / BATCH; batch += 1) {
      for (let entry = 0; entry < BATCH; entry += 1) write(factsOf(batch * BATCH + entry))
      await callLog.flush()
    }
    const [onMain, onAll] = [process.threadCpuUsage(main), process.cpuUsage(all)]
    return { main: (onMain.user + onMain.system) / ENTRIES, all: (onAll.user + onAll.system) / ENTRIES }
  }
}

function factsOf(at: number): CallFacts {
  return {
    id: entropy.newId<CallId>('cal'),
    orgId,
    at,
    runId: null,
    plugin: 'bench',
    pluginVersion: 1,
    launchId: null,
    action: null,
    connector: 'crm',
    subjectId: one(people, at).id,
    method: 'GET',
    pathTemplate: '/*',
    status: 200,
    answeredBy: 'provider',
    code: null,
    durationMs: 1.5,
    requestBytes: 0,
    responseBytes: 1_024,
    requestId: entropy.newId<string>('req'),
  }
}
