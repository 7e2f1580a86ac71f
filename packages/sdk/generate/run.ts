import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldReference } from './field-reference.ts'
import { generate } from './generate.ts'

for (const [name, text] of Object.entries(generate()))
  writeFileSync(join(import.meta.dirname, '..', 'src', 'generated', name), text)
writeFileSync(join(import.meta.dirname, '../../../docs/generated/connector-fields.md'), fieldReference())
