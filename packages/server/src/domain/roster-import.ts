import { attributeName, emailAddress } from '@behalf/contract'
import { type CsvFault, type CsvRecord, readCsv } from './csv.ts'
import { type AttributeValue, type Described, isPlain } from './roster.ts'

/** One person of an import. */
export type ImportLine = Described & { readonly line: number; readonly email: string; readonly name: string | null }
export type RosterImport = { readonly lines: readonly ImportLine[]; readonly faults: readonly CsvFault[] }

type Kind = 'text' | 'number' | 'boolean' | 'list'
type Column = { readonly name: string; readonly kind: Kind }

const MOST_LINES = 10_000
const MOST_COLUMNS = 60
const KINDS: ReadonlySet<string> = new Set(['text', 'number', 'boolean', 'list'])

/**
 * Reads people out of CSV. The first record names the columns: `email`, and if wished `name`, `groups` (divided by semicolons) and attributes, as
 * `level:number`, `remote:boolean`, `skills:list`, or plain text. Every faulty line is told.
 */
export function readRosterImport(csv: string): RosterImport {
  const { records, faults } = readCsv(csv)
  const [head, ...rows] = records
  if (head === undefined)
    return { lines: [], faults: [...faults, { line: 1, reason: 'there is no first line with the columns' }] }
  const columns = head.fields.map(toColumn)
  const wrong = columnFaults(head, columns)
  if (wrong.length > 0) return { lines: [], faults: [...wrong, ...faults] }
  if (rows.length > MOST_LINES) return { lines: [], faults: [{ line: head.line, reason: 'at most 10,000 people' }] }
  const seen = new Map<string, number>()
  const lines: ImportLine[] = []
  const found: CsvFault[] = [...faults]
  for (const row of rows) {
    const read = readRow(row, columns as readonly Column[])
    const before = typeof read === 'string' ? undefined : seen.get(read.email)
    if (typeof read === 'string') found.push({ line: row.line, reason: read })
    else if (before !== undefined) found.push({ line: row.line, reason: `email: is on line ${before} too` })
    else {
      seen.set(read.email, row.line)
      lines.push(read)
    }
  }
  return { lines, faults: found.toSorted((a, b) => a.line - b.line) }
}

function toColumn(head: string): Column | undefined {
  const [name = '', kind = 'text', ...more] = head.trim().toLowerCase().split(':')
  if (more.length > 0 || !KINDS.has(kind)) return undefined
  if (name === 'email' || name === 'name') return kind === 'text' ? { name, kind } : undefined
  if (name === 'groups') return kind === 'text' || kind === 'list' ? { name, kind: 'list' } : undefined
  return attributeName.safeParse(name).success ? { name, kind: kind as Kind } : undefined
}

function columnFaults({ line, fields }: CsvRecord, columns: readonly (Column | undefined)[]): readonly CsvFault[] {
  const told = (reason: string): CsvFault => ({ line, reason })
  const names = columns.map(column => column?.name)
  return [
    ...fields.flatMap((field, index) =>
      columns[index] === undefined ? [told(`${shown(field)} cannot name a column`)] : [],
    ),
    ...names.flatMap((name, index) =>
      name !== undefined && names.indexOf(name) !== index ? [told(`${name} is there twice`)] : [],
    ),
    ...(names.includes('email') ? [] : [told('there is no column “email”')]),
    ...(fields.length > MOST_COLUMNS ? [told(`at most ${MOST_COLUMNS} columns`)] : []),
  ]
}

/** A line as it was read, or why it cannot be. */
function readRow({ line, fields }: CsvRecord, columns: readonly Column[]): ImportLine | string {
  if (fields.length !== columns.length) return `there are ${columns.length} columns, and this line has ${fields.length}`
  const values = new Map<string, AttributeValue>()
  for (const [index, { name, kind }] of columns.entries()) {
    const text = (fields[index] ?? '').trim()
    if (!isPlain(text)) return `${name}: over 200 characters, or a control character`
    const value = text === '' ? undefined : valueIn(text, kind)
    if (value === null) return `${name}: not a ${kind}`
    if (value !== undefined) values.set(name, value)
  }
  const email = emailAddress.safeParse(values.get('email'))
  if (!email.success) return 'email: not an e-mail address'
  const [name, groups] = [values.get('name'), values.get('groups')]
  for (const used of ['email', 'name', 'groups']) values.delete(used)
  return {
    line,
    email: email.data,
    name: typeof name === 'string' ? name : null,
    groups: Array.isArray(groups) ? groups : [],
    attributes: Object.fromEntries(values),
  }
}

/** Null where the text is not of the kind. */
function valueIn(text: string, kind: Kind): AttributeValue | null {
  if (kind === 'text') return text
  if (kind === 'number') return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : null
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : null
  return [...new Set(text.split(';').map(part => part.trim()))].filter(part => part !== '')
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 60))
