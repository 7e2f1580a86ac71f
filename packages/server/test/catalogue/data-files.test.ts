import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Preset } from '@behalf/contract'
import { createCatalogue } from '../../src/catalogue/catalogue.ts'
import { type CatalogueFault, judgeFile, lintCatalogue } from '../../src/catalogue/lint-catalogue.ts'
import { isComplete } from '../../src/domain/preset.ts'

describe('the data files of the catalogue', () => {
  let presets: readonly Preset[] = []
  let faults: readonly CatalogueFault[] = []
  before(async () => {
    ;({ presets, faults } = await lintCatalogue())
  })

  it('have no fault', () => assert.deepEqual(faults, []))

  it('are at least two hundred', () => assert.ok(presets.length >= 200, `${presets.length} providers`))

  it('send credentials nowhere but to https', () => {
    const plain = presets.filter(({ blocks }) => /"http:/.test(JSON.stringify(blocks)))
    assert.deepEqual(
      plain.map(({ name }) => name),
      [],
    )
  })

  it('name a page that was read for every verified block, and no day for any other', () => {
    for (const { name, blocks } of presets)
      for (const [block, { grade, sources }] of Object.entries(blocks)) {
        const read = sources.filter(source => source.read_on !== undefined)
        assert.equal(read.length > 0, grade === 'verified', `${name} ${block}`)
      }
  })
})

describe('the rules for a data file', () => {
  const sound = {
    name: 'acme',
    display_name: 'Acme',
    blocks: {
      authorization: {
        grade: 'verified',
        sources: [{ at: 'https://docs.acme.example/oauth', read_on: '2026-11-25' }],
        set: { auth: { authorization_url: 'https://acme.example/authorize' } },
      },
      token: {
        grade: 'reported',
        sources: [{ at: 'pkg:npm/one@1.0.0#a.json' }, { at: 'pkg:npm/%40two/core@1.0.0#b.js' }],
        set: { auth: { token_url: 'https://acme.example/token' } },
      },
      gateway: {
        grade: 'unchecked',
        sources: [{ at: 'pkg:npm/one@1.0.0#a.json' }],
        set: { base_url: 'https://api.acme.example' },
      },
    },
  }
  type Change = (file: ReturnType<typeof copy>) => void
  const copy = () => structuredClone(sound) as typeof sound & Record<string, unknown>
  const judged = (change: Change = () => {}): readonly string[] => {
    const file = copy()
    change(file)
    return judgeFile('acme', JSON.stringify(file)).faults.map(({ pointer, reason }) => `${pointer} ${reason}`)
  }
  const refused = (change: Change, words: RegExp) =>
    assert.ok(
      judged(change).some(fault => words.test(fault)),
      `${words} in ${JSON.stringify(judged(change))}`,
    )

  it('let a sound file pass', () => assert.deepEqual(judged(), []))
  it('want the file named after the provider', () => refused(file => (file.name = 'other'), /^\/name must be acme/))
  it('want https', () =>
    refused(file => (file.blocks.token.set.auth.token_url = 'http://acme.example/token'), /token_url must be https/))
  it('want the authorization and the token endpoint', () =>
    refused(file => Reflect.deleteProperty(file.blocks, 'token'), /blocks\/token is missing/))
  it('want a page with its day for verified', () =>
    refused(
      file => Reflect.deleteProperty(file.blocks.authorization.sources[0] ?? {}, 'read_on'),
      /verified needs a page/,
    ))
  it('want two packages for reported, not two files of one', () =>
    refused(file => {
      file.blocks.token.sources = [{ at: 'pkg:npm/one@1.0.0#a.json' }, { at: 'pkg:npm/one@1.0.0#b.json' }]
    }, /two independent code bases/))
  it('let nobody date what was not read at the provider', () =>
    refused(file => Object.assign(file.blocks.token.sources[0] ?? {}, { read_on: '2026-11-25' }), /no day of reading/))
  it('want a source for every block', () => refused(file => (file.blocks.gateway.sources = []), /gateway\/sources/))
  it('keep each field to the block whose sources tell it', () =>
    refused(
      file => Object.assign(file.blocks.gateway.set, { health: { path: 'me' } }),
      /no field of the block gateway/,
    ))
  it('refuse what a connector would refuse', () =>
    refused(
      file => Object.assign(file.blocks.token.set.auth, { client_authentication: 'telepathy' }),
      /client_authentication/,
    ))
  it('refuse an icon that is more than a path', () =>
    refused(
      file =>
        Object.assign(file, {
          icon: { path: 'M0 0"/><script>', colour: '000000', source: 'pkg:npm/icons@1.0.0#acme.svg' },
        }),
      /icon\/path/,
    ))
  it('count a provider as complete only with every block, none unchecked', () => {
    const { preset } = judgeFile('acme', JSON.stringify(sound))
    assert.ok(preset !== undefined && !isComplete(preset))
  })
})

describe('reading the catalogue', () => {
  it('reads nothing before it is asked, and only the file it is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'behalf-catalogue-'))
    try {
      const catalogue = createCatalogue(join(folder, 'nowhere'))
      assert.ok(catalogue)
      writeFileSync(join(folder, 'broken.json'), '{')
      const [first] = await createCatalogue().all()
      assert.ok(first)
      writeFileSync(join(folder, `${first.name}.json`), JSON.stringify(first))
      assert.equal((await createCatalogue(folder).byName(first.name))?.name, first.name)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('finds nothing under a name that reaches out of its folder', async () => {
    assert.equal(await createCatalogue().byName('../providers/github'), undefined)
    assert.equal(await createCatalogue().byName('constructor'), undefined)
  })
})
