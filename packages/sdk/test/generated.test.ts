import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { fieldReference } from '../generate/field-reference.ts'
import { generate } from '../generate/generate.ts'

it('knows exactly the routes and schemas of the contract (else: npm run generate)', () => {
  for (const [name, text] of Object.entries(generate()))
    assert.ok(readFileSync(join(import.meta.dirname, '../src/generated', name), 'utf8') === text, `${name} is stale`)
})

it('documents every field of a connector definition as the schema does (else: npm run generate)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/generated/connector-fields.md'), 'utf8')
  assert.ok(page === fieldReference(), 'docs/generated/connector-fields.md is stale')
  const bare = page.split('\n').filter(row => /^\| `[^`]+` \| *[^|]* \| *\|/.test(row))
  assert.deepEqual(bare, [], 'a field says what it is for')
})
