import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'

const SRC = join(import.meta.dirname, '..', 'src')
/** What stands between tags, and every string: attributes, props, arguments, words that templates are made of. */
const BETWEEN_TAGS = /<\w[^<>={]*>\s*([A-Z]?[a-z]{2,}[^<>{}]*)<\//g
const STRINGS = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g
/** Two words in a row, or one as a sentence begins. */
const ENGLISH = /[A-Za-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+(?:[ .:…!?]|$)/
/** What is read by machines alone. */
const NOT_READ = [
  /^\s*import .*$/gm,
  /\/\*[\s\S]*?\*\//g,
  /(?<!:)\/\/.*$/gm,
  /\b(?:className|rel)=(?:"[^"]*"|\{[^}]*\})/g,
  /\bborder: '[^']*'/g,
  /\bfontFamily\w*: (?:'[^']*'|"[^"]*")/g,
  /\bkey === '\w+'/g,
  // Names of browsers and systems are no English.
  /^ {2}\['[^']*', '[^']*'\],$/gm,
  /\bthrow new Error\('[^']*'\)/g,
]

it('keeps the English of the studio in one place', () => {
  const found = globSync('**/*.{ts,tsx}', { cwd: SRC, exclude: ['text/**'] }).flatMap(file => {
    const text = NOT_READ.reduce((rest, part) => rest.replace(part, ''), readFileSync(join(SRC, file), 'utf8'))
    const strings = [...text.matchAll(STRINGS)]
      .map(([, single, double, template]) => single ?? double ?? (template ?? '').replace(/\$\{[^}]*\}/g, '·'))
      .filter(each => ENGLISH.test(each))
    const between = [...text.matchAll(BETWEEN_TAGS)].map(([, words = '']) => words)
    return [...strings, ...between].map(each => `${file}: ${each}`)
  })
  assert.deepEqual(found, [])
})
