import { z } from 'zod'
import { launchId, subjectId } from './ids.ts'
import { instant, line } from './wire.ts'

/** How much of a call is kept, loosest first: bodies and headers, bodies with personal data masked, metadata alone. Secrets go under each. */
export const redactionPolicy = z.enum(['permissive', 'standard', 'strict'])
export type RedactionPolicy = z.infer<typeof redactionPolicy>

/** An address as a person is named by it, lower-cased. */
export const emailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^[^\s@"(),:;<>[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i,
    'not an e-mail address',
  )
  .transform(text => text.toLowerCase())

const people = z
  .array(z.union([subjectId, emailAddress], { error: 'neither an e-mail address nor a subject id' }))
  .max(1000)
  .superRefine((list, context) => {
    for (const [index, one] of list.entries())
      if (list.indexOf(one) !== index) context.addIssue({ code: 'custom', message: 'named twice', path: [index] })
  })
const groups = z.array(line(200)).max(100)

/** For whom a plugin is to be live. `rule` is in the language of `docs/guides/launch-rules.md`. */
export const launchAudience = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('nobody') }),
    z.strictObject({ kind: z.literal('people'), people: people.min(1) }),
    z.strictObject({ kind: z.literal('groups'), groups: groups.min(1) }),
    z.strictObject({ kind: z.literal('everyone') }),
    z.strictObject({ kind: z.literal('everyone_but'), people: people.default([]), groups: groups.default([]) }),
    z.strictObject({ kind: z.literal('rule'), rule: z.string().min(1).max(2000) }),
  ])
  .meta({ id: 'LaunchAudience' })
export type LaunchAudienceGiven = z.infer<typeof launchAudience>

export const launchCreate = z
  .strictObject({
    /** A published version; the last one where it is left out. */
    version: z.int().min(1).optional(),
    launch_audience: launchAudience,
    /** As wished for: a launch to more than ten people, or to a launch audience that can grow, is strict. */
    redaction: redactionPolicy.default('standard'),
    /** Why; kept in the history and in the audit. */
    reason: line(500),
    /** Ends the plugin's other launches in the same step. */
    replace: z.boolean().default(false),
  })
  .meta({ id: 'LaunchCreate' })

export const whyStrict = z.enum(['open_ended', 'over_threshold'])
const namedPerson = z.object({ subject: subjectId.nullable(), email: z.string().nullable() })

export const launch = z
  .object({
    id: launchId,
    version: z.int(),
    launch_audience: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('nobody') }),
      z.object({ kind: z.literal('people'), people: z.array(namedPerson) }),
      z.object({ kind: z.literal('groups'), groups: z.array(z.string()) }),
      z.object({ kind: z.literal('everyone') }),
      z.object({ kind: z.literal('everyone_but'), people: z.array(namedPerson), groups: z.array(z.string()) }),
      z.object({ kind: z.literal('rule'), rule: z.string() }),
    ]),
    redaction: redactionPolicy,
    /** What counts while the launch is live; `permissive` once everyone it names has agreed. */
    effective_redaction: redactionPolicy,
    /** Those who agreed that a permissive launch keeps what their calls hold. */
    agreed: z.array(subjectId),
    why_strict: whyStrict.nullable(),
    live: z.boolean(),
    /** An admin launched to this launch audience: developers may launch to it again. */
    approved: z.boolean(),
    launched_at: instant,
    launched_by: z.string(),
    reason: z.string(),
    ended_at: instant.nullable(),
    ended_by: z.string().nullable(),
    end_reason: z.string().nullable(),
  })
  .meta({ id: 'Launch' })

export const launchPreviewAsk = z
  .strictObject({
    launch_audience: launchAudience,
    redaction: redactionPolicy.default('standard'),
    replace: z.boolean().default(false),
  })
  .meta({ id: 'LaunchPreviewAsk' })

export const launchPreview = z
  .object({
    /** People of the roster it reaches now, and named ones who have not signed in yet. */
    people: z.int(),
    not_signed_in: z.int(),
    /** Named people of all live launches together, this one among them: what the threshold is compared with. */
    named_in_all: z.int(),
    open_ended: z.boolean(),
    sample: z.array(namedPerson.extend({ name: z.string().nullable() })),
    /** What would count at once: `permissive` counts for nobody who has not agreed, and so never here. */
    effective_redaction: redactionPolicy,
    /** What would count for each named person who agrees. */
    redaction_once_agreed: redactionPolicy,
    why_strict: whyStrict.nullable(),
  })
  .meta({ id: 'LaunchPreview' })

/** Why one person is in or out. */
export const launchExplanation = z
  .object({
    subject: subjectId,
    live: z.boolean(),
    launches: z.array(
      z.object({
        launch: launchId,
        version: z.int(),
        reaches: z.boolean(),
        because: z.array(z.object({ term: z.string(), has: z.string(), holds: z.boolean().nullable() })),
      }),
    ),
  })
  .meta({ id: 'LaunchExplanation' })
