import { LONG } from '../../../../../test/support/seed.ts'
import { ENGINES, type EngineName } from '../engines.ts'

/** A broker as a case meets it: which store, and how many nodes in processes of their own. */
export type Where = { readonly engine: EngineName; readonly nodes: 1 | 3 }

type Applies = { readonly engines: readonly EngineName[]; readonly nodes: readonly (1 | 3)[]; readonly why: string }

const both = { engines: ENGINES, nodes: [1, 3] } as const
const one = { engines: ENGINES, nodes: [1] } as const
const three = { engines: ENGINES, nodes: [3] } as const
const embedded = { engines: ['SQLite'], nodes: [1] } as const
const postgres = { engines: ['PostgreSQL'], nodes: [1, 3] } as const

/** Where each case of groups R, P, F and D is run over real nodes, and why not elsewhere. */
const APPLIES: Readonly<Record<string, Applies>> = {
  'RR-01': { ...both, why: 'everywhere' },
  'RR-02': { ...both, why: 'everywhere' },
  'RR-04': { ...both, why: 'everywhere: a node that comes back, and others that go on meanwhile' },
  'RR-06': { ...both, why: 'everywhere: the journal of this node, and nodes without it' },
  'RR-07': { ...both, why: 'everywhere' },
  'RR-08': { ...one, why: 'what an answer says is read in one place; another node reads what was stored' },
  'RR-09': { ...one, why: 'no other node takes part in what is not refreshed' },
  'RR-10': { ...both, why: 'everywhere: a mark that one node sets holds on all' },
  'RR-12': { ...both, why: 'everywhere: a back-off is a row, so that all nodes hold to it' },
  'RR-14': { ...three, why: 'clocks of nodes that differ; one node differs from the provider in the same test' },
  'RR-15': { ...both, why: 'everywhere' },
  'RR-18': { ...one, why: 'what one process keeps in memory' },
  'RR-20': {
    ...one,
    why: 'the provider counts the days, whichever node asks; keeping alive is tried on a clock of its own',
  },
  'RO-01': { ...both, why: 'everywhere' },
  'RP-01': { engines: ['SQLite'], nodes: [1], why: 'sockets of one process; no store takes part' },
  'RP-02': { engines: ['SQLite'], nodes: [1], why: 'sockets of one process; no store takes part' },
  'RP-03': { ...one, why: 'each node judges a provider by what it met itself' },
  'RP-04': { ...both, why: 'everywhere' },
  'RP-06': { engines: ['SQLite'], nodes: [1], why: 'bytes pass through one process; no store takes part' },
  'RP-08': { ...both, why: 'everywhere: retried by whichever node is there' },
  'RP-10': { ...one, why: 'each node keeps what it read of the SSO' },
  'RF-01': { ...three, why: 'needs another node' },
  'RF-02': { ...both, why: 'everywhere: the second view may come to another node' },
  'RF-03': { ...one, why: 'one request, one answer' },
  'RF-04': { ...both, why: 'everywhere: tabs may meet different nodes' },
  'RF-06': { ...both, why: 'everywhere: the node comes back, or others go on' },
  'RF-08': { ...one, why: 'all nodes are given the same URL' },
  'RD-01': { ...postgres, why: 'the embedded store has no server' },
  'RD-03': { engines: ['PostgreSQL'], nodes: [3], why: 'needs a second database, and nodes on both' },
  'RD-04': { engines: ['PostgreSQL'], nodes: [1, 3], why: 'a pooler stands before PostgreSQL' },
  'RD-05': { engines: ['PostgreSQL'], nodes: [1], why: 'the embedded store has no pool' },
  'RD-06': { ...embedded, why: 'two processes on one data folder' },
  'RD-07': { ...embedded, why: 'PostgreSQL has crash tests of its own' },
  'RD-09': { ...embedded, why: 'the disk under the embedded store' },
  'RD-11': { ...embedded, why: 'the files of the embedded store' },
  'RD-12': { ...embedded, why: 'PostgreSQL does not run on our event loop' },
  'RD-14': { ...one, why: 'one store is copied' },
  'RD-16': { ...one, why: 'sweepers take turns by row; one shows their bounds' },
}

/** In the long form every store with one node and with three; in the short one each store and each number once. */
export const WHERES: readonly Where[] = LONG
  ? ENGINES.flatMap(engine => [{ engine, nodes: 1 } as const, { engine, nodes: 3 } as const])
  : [
      { engine: 'SQLite', nodes: 1 },
      { engine: 'PostgreSQL', nodes: 3 },
    ]

export function applies(id: string, { engine, nodes }: Where): boolean {
  const there = APPLIES[id]
  if (there === undefined) throw new Error(`${id} is not in the table of where cases apply`)
  return there.engines.includes(engine) && there.nodes.includes(nodes)
}

export const placeName = ({ engine, nodes }: Where): string => `${engine}, ${nodes === 1 ? 'one node' : 'three nodes'}`
