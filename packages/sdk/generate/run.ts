import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from './generate.ts'

for (const [name, text] of Object.entries(generate()))
  writeFileSync(join(import.meta.dirname, '..', 'src', 'generated', name), text)
