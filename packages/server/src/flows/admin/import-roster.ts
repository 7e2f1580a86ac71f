import type { Fault, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { CsvFault } from '../../domain/csv.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { RosterEntry } from '../../domain/roster.ts'
import { type ImportLine, readRosterImport } from '../../domain/roster-import.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

/** What an import does, or would do. */
export type ImportReport = {
  readonly lines: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Lines of people who have signed in. */
  readonly known: number
  readonly faults: readonly CsvFault[]
}

type Needs = Pick<Ports, 'clock' | 'entropy' | 'people' | 'roster'>
const MOST_TOLD = 200

/**
 * Imports what the roster shall know of people, by e-mail. All of it or nothing: with `dryRun` the report tells each faulty line, without it they
 * are the errors of `invalid_request`.
 */
export function createImportRoster(ports: Needs) {
  return async function importRoster(
    context: RequestContext,
    principal: Principal,
    { csv, dryRun }: { readonly csv: string; readonly dryRun: boolean },
  ): Promise<ImportReport> {
    const { id: orgId } = context.organization
    const { lines, faults } = readRosterImport(csv)
    const owners = await ownersOf(context, lines)
    const ambiguous = lines.filter(({ email }) => (owners.get(email)?.length ?? 0) > 1)
    const all = [...faults, ...ambiguous.map(({ line }) => ({ line, reason: 'email: more than one person has it' }))]
    const before = new Map(
      (
        await ports.roster.byEmails(
          orgId,
          lines.map(({ email }) => email),
        )
      ).map(entry => [entry.email, entry]),
    )
    const entries = lines.map(line => toEntry(line, before.get(line.email), owners.get(line.email)?.[0]))
    const changed = entries.filter(entry => !isSame(entry, before.get(entry.email)))
    const added = changed.filter(({ email }) => !before.has(email)).length
    const report: ImportReport = {
      lines: lines.length + faults.length,
      added,
      changed: changed.length - added,
      unchanged: entries.length - changed.length,
      known: entries.filter(({ subjectId }) => subjectId !== null).length,
      faults: all.toSorted((a, b) => a.line - b.line).slice(0, MOST_TOLD),
    }
    if (dryRun) return report
    if (report.faults.length > 0) throw refused(report.faults)
    const released = changed.flatMap(({ email, subjectId }) => {
      const held = before.get(email)?.subjectId ?? null
      return held === null || held === subjectId ? [] : [held]
    })
    const details = { lines: report.lines, added, changed: report.changed }
    await ports.roster.import(
      orgId,
      changed,
      released,
      newAuditEvent(ports, context, principal, 'roster.imported', { details }),
    )
    return report
  }

  async function ownersOf({ organization }: RequestContext, lines: readonly ImportLine[]) {
    const people = await ports.people.byVerifiedEmails(
      organization.id,
      lines.map(({ email }) => email),
    )
    const owners = new Map<string, SubjectId[]>()
    for (const { email, id } of people) if (email !== null) owners.set(email, [...(owners.get(email) ?? []), id])
    return owners
  }

  // Whoever has the e-mail now, else whoever it was taken for before.
  function toEntry(
    { line: _, ...line }: ImportLine,
    before: RosterEntry | undefined,
    owner: SubjectId | undefined,
  ): RosterEntry {
    return { ...line, subjectId: owner ?? before?.subjectId ?? null, importedAt: ports.clock.now() }
  }
}

const known = ({ name, groups, attributes, subjectId }: RosterEntry): string =>
  JSON.stringify([name, groups, Object.entries(attributes).toSorted(), subjectId])
const isSame = (entry: RosterEntry, before: RosterEntry | undefined): boolean =>
  before !== undefined && known(entry) === known(before)

function refused(faults: readonly CsvFault[]): BrokerError {
  const errors = faults.map(({ line, reason }): Fault => ({ pointer: '/csv', reason: `line ${line}: ${reason}` }))
  return new BrokerError('invalid_request', { detail: 'Nothing was imported: not every line is right.', errors })
}
