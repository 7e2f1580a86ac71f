import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

const SRC = join(import.meta.dirname, '..', 'src')
/** Words between tags, and words given to what is read aloud or seen. */
const ENGLISH = [
  /<\w[^<>={]*>\s*[A-Z]?[a-z]{2,}[^<>{}]*<\//g,
  /\b(?:aria-label|label|title|placeholder|description|alt|legend)="[^"]*[a-z]{2,}[^"]*"/g,
]

it('keeps the English of the studio in one place', () => {
  const found = globSync('**/*.tsx', { cwd: SRC }).flatMap(file => {
    const text = readFileSync(join(SRC, file), 'utf8')
    return ENGLISH.flatMap(words => (text.match(words) ?? []).map(each => `${file}: ${each}`))
  })
  assert.deepEqual(found, [])
})
