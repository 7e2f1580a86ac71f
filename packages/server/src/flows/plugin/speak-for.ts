import type { PluginKeyId } from '@behalf/contract'
import { earlier, type Moment } from '../../domain/leased-values.ts'
import type { Person } from '../../domain/person.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { createLaunched, type Launched, type LaunchedNeeds } from '../launch/launched.ts'
import type { PluginPrincipal } from './authenticate-plugin.ts'
import { createResolveSubject, type NamedSubject, type ResolveNeeds } from './resolve-subject.ts'

/** A plugin with the person it speaks for: what a call goes out on. */
export type Spoken = {
  /** As it was launched to the person. */
  readonly plugin: Plugin
  readonly launched: Launched
  readonly person: Person
  /** The key that speaks; null where people run an action for themselves. */
  readonly keyId: PluginKeyId | null
  /** When the first of all this was read. */
  readonly readAt: Moment
  /** The end of the token that named the person. */
  readonly untilAt: number
}

/** For whom a plugin speaks, and as what: throws what naming a person throws, `plugin_not_launched`, `not_in_launch_audience`. */
export function createSpeakFor(ports: ResolveNeeds & LaunchedNeeds) {
  const resolveSubject = createResolveSubject(ports)
  const { launchedTo } = createLaunched(ports)

  return async function speakFor(
    context: RequestContext,
    principal: PluginPrincipal,
    named: NamedSubject,
    connectorName: string,
  ): Promise<Spoken> {
    const subject = await resolveSubject(context, principal, named, connectorName)
    const { value: launched, readAt } = await launchedTo(context, principal.plugin, subject.value)
    return {
      plugin: launched.plugin,
      launched,
      person: subject.value,
      keyId: principal.keyId,
      readAt: earlier(earlier(principal.readAt, subject.readAt), readAt),
      untilAt: subject.untilAt,
    }
  }
}
