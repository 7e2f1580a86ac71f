import { join } from 'node:path'
import { createSqliteEngine } from '../../src/store/sqlite/engine.ts'

// Writes rows one after another and tells each one only when it is durable.
const [dataDir = '', name = '', rows = '0'] = process.argv.slice(2)
const engine = createSqliteEngine(join(dataDir, 'behalf.db'))
const base = 1_000 + [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) * 1_000_000
for (let row = 0; row < Number(rows); row += 1) {
  await engine.write([
    { sql: 'INSERT INTO migrations (number, name) VALUES (?, ?)', parameters: [base + row, `${name}-${row}`] },
  ])
  process.send?.(`${name}-${row}`)
}
await engine[Symbol.asyncDispose]()
process.disconnect()
