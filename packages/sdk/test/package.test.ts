import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { publint } from 'publint'

describe('the package as it is published', () => {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-sdk-'))
  before(() => {
    execFileSync(process.execPath, [join(import.meta.dirname, '../generate/build.ts'), folder], { stdio: 'pipe' })
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('has nothing that publint would change', async () => {
    const { messages } = await publint({ pkgDir: folder, level: 'suggestion', strict: true, pack: false })
    assert.deepEqual(messages, [])
  })

  it('depends on nothing, neither to run nor for its types', () => {
    const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    assert.equal(described.dependencies ?? described.peerDependencies, undefined)
    for (const file of globSync('**/*.{js,d.ts}', { cwd: folder })) {
      const text = readFileSync(join(folder, file), 'utf8')
      for (const [, from = ''] of text.matchAll(/from '([^']+)'/g)) assert.match(from, /^\.{1,2}\//, file)
    }
  })

  it('runs as plain JavaScript', async () => {
    const built = (await import(join(folder, 'index.js'))) as typeof import('../src/index.ts')
    const fetch = async () => Response.json({ id: 'org_1', name: 'Acme' })
    const client = built.createClient({ url: 'https://acme.example', apiKey: 'bhf_x', fetch })
    assert.equal((await client.readOrganization()).name, 'Acme')
  })
})
