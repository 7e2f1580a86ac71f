import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readCsv } from './csv.ts'
import { readRosterImport } from './roster-import.ts'

const quoted = (fields: readonly string[]) => fields.map(field => `"${field.replaceAll('"', '""')}"`).join(',')

describe('CSV', () => {
  it('is read as RFC 4180 says, with the line each record begins at', () => {
    const { records, faults } = readCsv('\ufeffa,b\r\n"x, ""y""\nz",2\n\nlast,')
    assert.deepEqual(faults, [])
    assert.deepEqual(records, [
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x, "y"\nz', '2'] },
      { line: 5, fields: ['last', ''] },
    ])
  })

  it('tells each faulty line and goes on with the next', () => {
    const { records, faults } = readCsv('a,b"c\nok,1\n"x"y,2\nok,2\n"open,3\nok,3')
    assert.deepEqual(
      records.map(({ line }) => line),
      [2, 4],
    )
    assert.deepEqual(
      faults.map(({ line }) => line),
      [1, 3, 5],
    )
  })

  it('gives back whatever was written, and reads anything without failing', () => {
    const record = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), rows => {
        const text = rows.map(quoted).join('\r\n')
        assert.deepEqual(
          readCsv(text).records.map(({ fields }) => fields),
          rows,
        )
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void readCsv(text)))
  })
})

describe('an import of the roster', () => {
  it('takes e-mails in any case, groups, and attributes of the kind their column names', () => {
    const csv =
      'Email,name,groups,department,level:number,remote:boolean,skills:list\nAda@X.example,Ada,a; b;a,IT,7,true,ts;sql\nbo@x.example,,,,,,'
    const { lines, faults } = readRosterImport(csv)
    assert.deepEqual(faults, [])
    assert.deepEqual(lines[0], {
      line: 2,
      email: 'ada@x.example',
      name: 'Ada',
      groups: ['a', 'b'],
      attributes: { department: 'IT', level: 7, remote: true, skills: ['ts', 'sql'] },
    })
    assert.deepEqual(lines[1], { line: 3, email: 'bo@x.example', name: null, groups: [], attributes: {} })
  })

  it('tells every line that is wrong, and why', () => {
    const csv =
      'email,level:number\na@x.example,1\nnobody,1\nA@X.example,2\nb@x.example,high\nc@x.example\nd@x.example,1\n"e@x.example"z,1\nf@x.example,\u0007'
    const { lines, faults } = readRosterImport(csv)
    assert.deepEqual(
      lines.map(({ line }) => line),
      [2, 7],
    )
    assert.deepEqual(faults, [
      { line: 3, reason: 'email: not an e-mail address' },
      { line: 4, reason: 'email: is on line 2 too' },
      { line: 5, reason: 'level: not a number' },
      { line: 6, reason: 'there are 2 columns, and this line has 1' },
      { line: 8, reason: 'text after a closing quote' },
      { line: 9, reason: 'level: over 200 characters, or a control character' },
    ])
  })

  it('refuses columns that no rule could name, or that are there twice', () => {
    for (const head of [
      '',
      'name',
      'email,email',
      'email,Ünit',
      'email,a:b',
      'email,in',
      'email,__proto__',
      'email,groups:number',
      'email,a:list:x',
    ])
      assert.ok(readRosterImport(`${head}\nx@x.example,1`).faults.length > 0, head)
  })

  it('reaches no prototype by a column', () => {
    const { lines } = readRosterImport('email,constructor,tostring\nx@x.example,a,b')
    assert.deepEqual(Object.entries(lines[0]?.attributes ?? {}), [
      ['constructor', 'a'],
      ['tostring', 'b'],
    ])
    assert.equal(({} as Record<string, unknown>)['tostring'], undefined)
  })
})
