import type { Ports } from '../../ports/index.ts'
import type { Leases } from './leases.ts'

type Watched = Pick<
  Ports,
  | 'connections'
  | 'connectors'
  | 'debugWindows'
  | 'launches'
  | 'organizations'
  | 'people'
  | 'plugins'
  | 'roster'
  | 'ssoTrials'
>

/** The same stores, which end this node's leases on what they change, so that a node never acts on what it has itself overwritten. */
export function watchWrites<Stores extends Watched>(
  stores: Stores,
  leases: Pick<Leases, 'forgetAll' | 'forgetConnection'>,
): Stores {
  const { connections, connectors, debugWindows, launches, organizations, people, plugins, roster, ssoTrials } = stores
  const all = <Args extends readonly unknown[], Result>(write: (...args: Args) => Promise<Result>) => {
    return (...args: Args): Promise<Result> => write(...args).finally(() => leases.forgetAll())
  }
  return {
    ...stores,
    connections: {
      ...connections,
      connect: (connection, ...rest) =>
        connections.connect(connection, ...rest).finally(() => leases.forgetConnection(connection.id)),
      storeRefreshed: (tokens, audit) =>
        connections.storeRefreshed(tokens, audit).finally(() => leases.forgetConnection(tokens.id)),
      mark: (orgId, id, ...rest) => connections.mark(orgId, id, ...rest).finally(() => leases.forgetConnection(id)),
      disconnect: (connection, ...rest) =>
        connections.disconnect(connection, ...rest).finally(() => leases.forgetConnection(connection.id)),
    },
    connectors: {
      ...connectors,
      create: all(connectors.create),
      update: all(connectors.update),
      approve: all(connectors.approve),
      retire: all(connectors.retire),
    },
    launches: {
      ...launches,
      add: all(launches.add),
      end: all(launches.end),
      claimEmail: all(launches.claimEmail),
      agree: all(launches.agree),
    },
    debugWindows: {
      ...debugWindows,
      change: all(debugWindows.change),
      endAll: all(debugWindows.endAll),
    },
    organizations: {
      ...organizations,
      create: all(organizations.create),
      update: all(organizations.update),
      setLogo: all(organizations.setLogo),
    },
    ssoTrials: { ...ssoTrials, apply: all(ssoTrials.apply) },
    people: {
      ...people,
      recordSignIn: all(people.recordSignIn),
      update: all(people.update),
      claimAdmin: all(people.claimAdmin),
    },
    roster: { ...roster, import: all(roster.import), claim: all(roster.claim) },
    plugins: {
      ...plugins,
      create: all(plugins.create),
      update: all(plugins.update),
      retire: all(plugins.retire),
      revokeKey: all(plugins.revokeKey),
    },
  }
}
