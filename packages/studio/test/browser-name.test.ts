import assert from 'node:assert/strict'
import { it } from 'node:test'
import { browserName } from '../src/people/browser-name.ts'

it('names a browser as its person would, and repeats what it cannot read', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1'
  assert.deepEqual([chrome, `${chrome} Edg/156.0`, phone, 'node', null].map(browserName), [
    'Chrome on Linux',
    'Edge on Linux',
    'Safari on iPhone',
    'node',
    '–',
  ])
})
