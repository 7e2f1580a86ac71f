/** A record of a CSV text, with the line it begins at. */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[] }
export type CsvFault = { readonly line: number; readonly reason: string }

const BOM = '\ufeff'

/**
 * Reads CSV (RFC 4180; a bare line feed ends a record too). Faulty records are told by the line they begin at and left out; after a quote that
 * does not end there is nothing left to read.
 */
export function readCsv(text: string): {
  readonly records: readonly CsvRecord[]
  readonly faults: readonly CsvFault[]
} {
  const records: CsvRecord[] = []
  const faults: CsvFault[] = []
  let at = text.startsWith(BOM) ? BOM.length : 0
  let line = 1
  while (at < text.length) {
    const record = readRecord(text, at)
    if (record.fault !== undefined) faults.push({ line, reason: record.fault })
    else if (record.fields.length > 1 || record.fields[0] !== '') records.push({ line, fields: record.fields })
    for (let seen = at; seen < record.end; seen += 1) if (text[seen] === '\n') line += 1
    at = record.end
  }
  return { records, faults }
}

type Read = { readonly fields: readonly string[]; readonly end: number; readonly fault?: string }

function readRecord(text: string, begin: number): Read {
  const fields: string[] = []
  for (let at = begin; ; ) {
    const field = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at)
    if (field.fault !== undefined)
      return { fields: [], end: field.isOpen ? text.length : nextLine(text, field.end), fault: field.fault }
    fields.push(field.value)
    if (text[field.end] !== ',') return { fields, end: pastBreak(text, field.end) }
    at = field.end + 1
  }
}

type Field = { readonly value: string; readonly end: number; readonly fault?: string; readonly isOpen?: boolean }

function readPlain(text: string, begin: number): Field {
  let end = begin
  while (end < text.length && text[end] !== ',' && !isBreak(text, end)) end += 1
  const value = text.slice(begin, end)
  return value.includes('"') ? { value, end, fault: 'a quote within a field that is not quoted' } : { value, end }
}

function readQuoted(text: string, begin: number): Field {
  let value = ''
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] !== '"') value += text.charAt(at)
    else if (text[at + 1] === '"') {
      value += '"'
      at += 1
    } else {
      const isWhole = at + 1 >= text.length || text[at + 1] === ',' || isBreak(text, at + 1)
      return isWhole ? { value, end: at + 1 } : { value, end: at + 1, fault: 'text after a closing quote' }
    }
  }
  return { value, end: text.length, fault: 'a quote that does not end', isOpen: true }
}

const isBreak = (text: string, at: number): boolean => text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n')
const pastBreak = (text: string, at: number): number => (text[at] === '\r' ? at + 2 : Math.min(at + 1, text.length))

function nextLine(text: string, from: number): number {
  const found = text.indexOf('\n', from)
  return found === -1 ? text.length : found + 1
}
