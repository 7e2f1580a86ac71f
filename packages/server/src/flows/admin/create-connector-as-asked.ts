import { connectorCreate, connectorFromPreset } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import { mergePatch } from '../../domain/merge-patch.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import { definitionOf, openFieldsOf } from '../../domain/preset.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { createCreateConnector } from './create-connector.ts'

type Needs = Pick<Ports, 'catalogue'> & { readonly createConnector: ReturnType<typeof createCreateConnector> }

/**
 * Creates a connector from a whole definition, or from a preset of the catalogue and a merge patch over it (RFC 7396).
 * Throws `invalid_request`, `already_exists`, `forbidden`.
 */
export function createCreateConnectorAsAsked(ports: Needs) {
  return async function createConnectorAsAsked(
    context: RequestContext,
    principal: Principal,
    asked: Readonly<Record<string, unknown>>,
  ): Promise<Connector> {
    const whole = Object.hasOwn(asked, 'preset') ? await filled(asked) : asked
    return ports.createConnector(context, principal, parseWhole(connectorCreate, whole))
  }

  async function filled(asked: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { preset: name, ...patch } = parseWhole(connectorFromPreset, asked)
    const preset = await ports.catalogue.byName(name)
    if (preset === undefined)
      throw new BrokerError('invalid_request', {
        errors: [{ pointer: '/preset', reason: 'the catalogue has no provider of this name' }],
      })
    const whole = mergePatch(definitionOf(preset), patch)
    const errors = openFieldsOf(preset)
      .filter(({ pointer }) => isMissing(whole, pointer))
      .map(({ pointer, label }) => ({ pointer, reason: `needed by the preset ${name}: ${label}` }))
    if (errors.length > 0)
      throw new BrokerError('invalid_request', { detail: 'The preset leaves this to fill in.', errors })
    return whole
  }
}

const isMissing = (whole: unknown, pointer: string): boolean =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], whole) === undefined
