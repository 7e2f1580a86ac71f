import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

const HOLE = '\ufffc'
/** A template that is attributes alone. */
const ATTRIBUTES = /^(?: [\w-]+(?:="[^"]*")?)+$/
/** For developers, and in English as the API is. */
const REFERENCE = ['reference-page.ts', 'problem-page.ts']
const SPOKEN = /\b(?:aria-label|alt|placeholder|title)="([^"\ufffc]*)/g

/** The literal text of every `html` template of a file, its holes as one mark. */
function templatesOf(source: string): readonly string[] {
  const found: string[] = []
  read(0, false)
  return found

  /** Reads code up to the brace that ends a hole, or to the end; where it stopped. */
  function read(from: number, inHole: boolean): number {
    let depth = 0
    for (let at = from; at < source.length; at += 1) {
      if (source.startsWith('html`', at)) at = template(at + 5)
      else if (source[at] === '{') depth += 1
      else if (source[at] === '}') {
        if (inHole && depth === 0) return at
        depth -= 1
      }
    }
    return source.length
  }

  function template(from: number): number {
    let text = ''
    let at = from
    for (; at < source.length && source[at] !== '`'; at += 1) {
      if (!source.startsWith('${', at)) text += source[at]
      else {
        at = read(at + 2, true)
        text += HOLE
      }
    }
    found.push(text)
    return at
  }
}

it('says every word of the pages in the folder of its language', () => {
  const folder = import.meta.dirname
  const files = globSync('*.ts', { cwd: folder }).filter(
    file => !file.endsWith('.test.ts') && !REFERENCE.includes(file),
  )
  assert.ok(files.length > 15)
  for (const file of files)
    for (const text of templatesOf(readFileSync(join(folder, file), 'utf8'))) {
      const spoken = [...text.matchAll(SPOKEN)].map(([, words]) => words)
      const words = [text.replace(ATTRIBUTES, '').replace(/<[^>]*>/g, ' '), ...spoken].join(' ').match(/[A-Za-z]{2,}/g)
      assert.equal(words, null, `${file}: ${text}`)
    }
})

it('finds a word that stands elsewhere', () => {
  const hole = '$' + '{c ? html`Word` : { d: 1 }}'
  assert.deepEqual(templatesOf(['const a = html`<p title="b">', hole, '</p>`'].join('')), [
    'Word',
    `<p title="b">${HOLE}</p>`,
  ])
})

it('lays pages out by the direction of writing alone', () => {
  const css = readFileSync(join(import.meta.dirname, 'pages.css'), 'utf8')
  const physical = css.match(
    /^\s*(?:(?:margin|padding|border)-(?:left|right)|left|right|text-align: (?:left|right)|float)\b.*/gm,
  )
  assert.equal(physical, null)
})
