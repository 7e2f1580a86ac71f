import { z } from 'zod'
import { pluginAction } from './action.ts'
import { pluginId, subjectId } from './ids.ts'
import { instant, json, line, name, scopeToken } from './wire.ts'

/** What a gateway call may be sent as. */
export const GATEWAY_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export const gatewayMethod = z.enum(GATEWAY_METHODS)
export type GatewayMethod = z.infer<typeof gatewayMethod>

/** A path under a connector's `base_url`, compared byte for byte up to a slash: no query, nothing encoded, no dot segments. */
export const pathPrefix = z
  .string()
  .max(500)
  .regex(
    /^\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]+(?:\/[A-Za-z0-9\-._~!$&'()*+,=:@]+)*)?$/,
    'a path without a trailing slash',
  )
  .refine(path => !path.split('/').some(part => part === '.' || part === '..'), 'no dot segments')

const distinct = (list: readonly string[]): boolean => new Set(list).size === list.length

const pluginConnector = z.strictObject({
  connector: name,
  scope: z.array(scopeToken).max(100).default([]),
  /** The methods the plugin may use there. */
  methods: z
    .array(gatewayMethod)
    .min(1)
    .refine(distinct, 'a method twice')
    .default([...GATEWAY_METHODS]),
  /** The paths it may reach there, each with what lies under it. */
  path_prefixes: z.array(pathPrefix).min(1).max(50).refine(distinct, 'a path twice').default(['/']),
})
export type PluginConnector = z.infer<typeof pluginConnector>

const pluginFields = {
  name,
  display_name: line(100).optional(),
  description: line(500).optional(),
  connectors: z
    .array(pluginConnector)
    .max(100)
    .refine(list => distinct(list.map(c => c.connector)), 'a connector twice')
    .default([]),
  actions: z
    .array(pluginAction)
    .max(100)
    .refine(list => distinct(list.map(action => action.name)), 'an action twice')
    .default([]),
  /** Admins alone: the `aud` values whose SSO tokens may name a person to this plugin. */
  subject_token_audiences: z.array(line(300)).max(20).default([]),
  /** Admins alone, minutes: how old a subject token may be. */
  subject_token_max_age: z.int().min(1).max(1440).default(60),
  /** Admins alone: for whom `Behalf-Subject` is believed. */
  trusted: z
    .union([
      z.literal('nobody'),
      z.literal('launch_audience'),
      z.strictObject({ subjects: z.array(subjectId).min(1).max(1000) }),
    ])
    .default('nobody'),
  /** Admins alone: connectors whose own access token may be released by token exchange. */
  token_release: z.array(name).max(100).default([]),
}
/** Rights an admin gives: in force as saved, and no part of a published version. */
export const ADMIN_PLUGIN_FIELDS = [
  'subject_token_audiences',
  'subject_token_max_age',
  'trusted',
  'token_release',
] as const

export const pluginDefinition = z.strictObject(pluginFields).meta({ id: 'PluginCreate' })
export type PluginDefinition = z.infer<typeof pluginDefinition>
export const pluginPatch = z.record(z.string(), z.json()).meta({ id: 'PluginPatch' })

export const runAsk = z.strictObject({ input: z.record(z.string(), json).default({}) }).meta({ id: 'RunAsk' })

export const run = z
  .object({
    run_id: z.string(),
    /** The provider’s HTTP status; below 400 the output fits the action’s schema. */
    status: z.int(),
    output: json,
    /** Whether it waited for the person to connect something. */
    waited: z.boolean(),
  })
  .meta({ id: 'Run' })

/** The draft, and how far it was published. */
export const plugin = z
  .object({
    ...pluginFields,
    id: pluginId,
    display_name: z.string(),
    description: z.string().nullable(),
    /** Of the draft, for `If-Match`. */
    version: z.int(),
    /** The last published version; null before the first. */
    published_version: z.int().nullable(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Plugin' })

/** What a launch makes live: fixed for good. */
export const pluginVersion = z
  .object({
    version: z.int(),
    display_name: z.string(),
    description: z.string().nullable(),
    connectors: pluginFields.connectors,
    actions: pluginFields.actions,
    published_at: instant,
    published_by: z.string(),
  })
  .meta({ id: 'PluginVersion' })
