import { ADMIN_PLUGIN_FIELDS, type Fault, type PluginDefinition, type PluginId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { judgeAction } from '../../domain/judge-action.ts'
import { may } from '../../domain/permission.ts'
import type { Plugin } from '../../domain/plugin.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'plugins'>

const NOTHING: Pick<PluginDefinition, (typeof ADMIN_PLUGIN_FIELDS)[number]> = {
  subject_token_audiences: [],
  subject_token_max_age: 60,
  trusted: 'nobody',
  token_release: [],
}

/** Creates a plugin. Throws `already_exists`, `connector_not_found`, `forbidden`, `invalid_request`. */
export function createCreatePlugin(ports: Needs) {
  return async function createPlugin(
    context: RequestContext,
    principal: Principal,
    definition: PluginDefinition,
  ): Promise<Plugin> {
    await judgePlugin(ports, context, principal, definition, NOTHING)
    const now = ports.clock.now()
    const plugin: Plugin = {
      id: ports.entropy.newId<PluginId>('plg'),
      orgId: context.organization.id,
      definition,
      version: 1,
      publishedVersion: null,
      launchEpoch: 0,
      author: principalName(principal),
      createdAt: now,
      updatedAt: now,
      retiredAt: null,
    }
    const audit = newAuditEvent(ports, context, principal, 'plugin.created', {
      target: definition.name,
      details: rights(definition),
    })
    if (!(await ports.plugins.create(plugin, audit))) throw new BrokerError('already_exists')
    return plugin
  }
}

/** The rights a plugin definition holds, as the audit tells them. */
export const rights = ({ connectors, subject_token_audiences, trusted, token_release }: PluginDefinition) => ({
  connectors: connectors.map(({ connector }) => connector),
  subject_token_audiences,
  trusted: typeof trusted === 'string' ? trusted : trusted.subjects,
  token_release,
})

/** What a schema cannot judge of a plugin: who may grant what, and whether its connectors exist. */
export async function judgePlugin(
  ports: Pick<Ports, 'connectors'>,
  { organization }: Pick<RequestContext, 'organization'>,
  principal: Principal,
  definition: PluginDefinition,
  before: Pick<PluginDefinition, (typeof ADMIN_PLUGIN_FIELDS)[number]>,
): Promise<void> {
  const changed = ADMIN_PLUGIN_FIELDS.filter(
    field => JSON.stringify(definition[field]) !== JSON.stringify(before[field]),
  )
  if (changed.length > 0 && !may(principal.roles, 'plugin.grant')) {
    throw new BrokerError('forbidden', {
      errors: changed.map(field => ({ pointer: `/${field}`, reason: 'admins alone' })),
    })
  }
  const errors: Fault[] = []
  for (const [index, { connector }] of definition.connectors.entries()) {
    const found = await ports.connectors.byName(organization.id, connector)
    if (found === undefined || found.retiredAt !== null)
      errors.push({ pointer: `/connectors/${index}/connector`, reason: 'no such connector' })
  }
  for (const [index, released] of definition.token_release.entries()) {
    const used = definition.connectors.some(({ connector }) => connector === released)
    if (!used) errors.push({ pointer: `/token_release/${index}`, reason: 'not among the plugin’s connectors' })
  }
  for (const [index, action] of definition.actions.entries())
    for (const { pointer, reason } of judgeAction(action, definition.connectors))
      errors.push({ pointer: `/actions/${index}${pointer}`, reason })
  if (errors.length > 0) throw new BrokerError('invalid_request', { detail: 'The plugin cannot be like this.', errors })
}
