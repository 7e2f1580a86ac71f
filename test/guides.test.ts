import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { it } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const PICTURE = /!\[[^\]]*\]\(([^)]+)\)|(?:src|srcset)="([^"]+)"/g

it('shows in README and guides only pictures that are there, and keeps none that nobody shows', () => {
  const shown = new Set<string>()
  for (const file of ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })])
    for (const [, ...sources] of readFileSync(join(ROOT, file), 'utf8').matchAll(PICTURE)) {
      const source = sources.find(each => each !== undefined) ?? ''
      if (URL.canParse(source)) continue
      const picture = join(dirname(file), source)
      assert.ok(existsSync(join(ROOT, picture)), `${file}: ${source}`)
      shown.add(picture)
    }
  const kept = globSync('docs/images/*', { cwd: ROOT })
  assert.deepEqual(
    kept.filter(picture => !shown.has(picture)),
    [],
  )
})
