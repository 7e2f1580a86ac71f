import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { generate } from '../generate/generate.ts'

it('knows exactly the routes and schemas of the contract (else: npm run generate)', () => {
  for (const [name, text] of Object.entries(generate()))
    assert.ok(readFileSync(join(import.meta.dirname, '../src/generated', name), 'utf8') === text, `${name} is stale`)
})
