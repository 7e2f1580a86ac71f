import { z } from 'zod'
import { line } from '../wire.ts'
import { documented } from './documented.ts'
import { BUILT_IN_NAMES, template, variableName } from './template.ts'

/**
 * A regular expression that cannot run away: characters, classes and escapes one after another, each with an optional quantifier, at most two of
 * them without an upper bound; no groups, no alternatives. It is matched against the whole value.
 */
const SAFE_PATTERN =
  /^(?:(?:\[[^\]\\]*(?:\\[\w.\\-][^\]\\]*)*\]|\\[dwDW.-]|[A-Za-z0-9_.:@-])(?:\{\d{1,3}(?:,\d{0,3})?\}|[*+?])?)+$/
const safePattern = z
  .string()
  .max(200)
  .regex(SAFE_PATTERN, 'characters, classes and quantifiers alone, without groups')
  .refine(text => (text.match(/[*+]|,\}/g) ?? []).length <= 2, 'at most two quantifiers without an upper bound')
  .refine(text => isRegExp(text), 'not a regular expression')

function isRegExp(text: string): boolean {
  try {
    return new RegExp(`^(?:${text})$`) instanceof RegExp
  } catch {
    return false
  }
}

const hostSuffix = z
  .string()
  .max(253)
  .regex(
    /^(?:(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost|\[[0-9a-f:.]+\])(?::\d{1,5})?$/,
    'a domain of at least two labels, such as salesforce.com',
  )

/** A value that is not the same for everyone: asked, set, or taken from an answer. Used as `{name}` in templates. */
const variable = z
  .strictObject({
    source: documented(
      z.enum(['organization', 'person', 'callback', 'token', 'account', 'introspection']).default('organization'),
      'Where it comes from',
      'Set here for the organization, asked of each person before connecting, or captured: from the callback, the token answer, the account lookup or introspection.',
      'person',
    ),
    value: documented(template(500).optional(), 'Value', 'For the organization: the value itself.', 'common'),
    at: documented(
      z.string().max(300).optional(),
      'Captured at',
      'The callback parameter, or the JSON pointer into the answer (RFC 6901).',
      '/instance_url',
    ),
    default: documented(
      template(500).optional(),
      'Otherwise',
      'Used where there is no value; may name variables declared before it, so that fallbacks have an order.',
      'https://login.salesforce.com',
    ),
    type: documented(
      z.enum(['text', 'label', 'host', 'url']).default('text'),
      'Kind',
      'Text (only after the host of a URL), one host label, a host, or a whole https URL.',
      'label',
    ),
    pattern: documented(safePattern.optional(), 'Pattern', 'What the whole value must match.', '[a-z0-9-]{3,60}'),
    enum: documented(
      z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
      'Choices',
      'The only values allowed.',
      ['eu', 'us'],
    ),
    host_suffixes: documented(
      z.array(hostSuffix).min(1).max(20).optional(),
      'Hosts',
      'For a host or a URL: the domains it must lie under.',
      ['salesforce.com', 'force.com'],
    ),
    label: documented(line(100).optional(), 'Label', 'What the person is asked for.', 'Your Shopify store'),
    help: documented(line(300).optional(), 'Help', 'Where the person finds it.', 'The part before .myshopify.com'),
    example: documented(z.string().max(200).optional(), 'Example', 'Shown in the empty box.', 'my-store'),
    secret: documented(
      z.boolean().default(false),
      'Secret',
      'For the organization: the value is sealed and never read back. Set it under `secrets`.',
      false,
    ),
  })
  .superRefine((given, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', message, path: [path] })
    const isCaptured =
      given.source === 'callback' ||
      given.source === 'token' ||
      given.source === 'account' ||
      given.source === 'introspection'
    if (isCaptured && given.at === undefined) fault('at', 'says where it is captured')
    if (!isCaptured && given.at !== undefined) fault('at', 'is for captured variables')
    if (isCaptured && given.source !== 'callback' && given.at !== undefined && !given.at.startsWith('/'))
      fault('at', 'a JSON pointer such as /instance_url (RFC 6901)')
    if (given.at !== undefined && /(^|\/)(__proto__|constructor|prototype)(\/|$)/.test(given.at))
      fault('at', 'reserved')
    if (given.source !== 'organization' && given.value !== undefined) fault('value', 'is for the organization')
    if (given.secret && given.source !== 'organization') fault('secret', 'is for the organization')
    if (given.secret && (given.value !== undefined || given.type !== 'text'))
      fault('value', 'a secret is set under secrets')
    if (
      (given.type === 'host' || given.type === 'url') &&
      given.host_suffixes === undefined &&
      given.enum === undefined &&
      given.source !== 'organization'
    )
      fault('host_suffixes', 'a host that others choose must lie under a known domain')
  })

export const variables = z
  .record(
    variableName.refine(name => !BUILT_IN_NAMES.has(name), 'reserved'),
    variable,
  )
  .refine(all => Object.keys(all).length <= 20, 'at most 20 variables')

export type Variable = z.infer<typeof variable>

export const environmentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, a letter first')
/** Sets of the organization's variables, such as the hosts of a sandbox: the values of the chosen one stand in for the variables' own. */
export const environments = z
  .record(environmentName, z.record(variableName, template(500)))
  .refine(all => Object.keys(all).length <= 10, 'at most 10 environments')
