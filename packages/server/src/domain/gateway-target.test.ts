import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { gatewayTarget } from './gateway-target.ts'

const BASE = 'https://api.example/v1/team'
const piece = fc.constantFrom(
  '..',
  '.',
  '/',
  '//',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '%25',
  '%252e',
  ';',
  '\\',
  '@',
  ':',
  '?',
  '#',
  'a',
  'b.c',
  '%20',
  '~',
  '\t',
  'é',
  'http://evil',
)

describe('a gateway target', () => {
  it('is refused, or stays under the base URL however often it is decoded, byte for byte as it was given', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), parts => {
        const path = parts.join('').replace(/\?.*$/s, '')
        const target = gatewayTarget(BASE, path, [])
        if (target.kind === 'refused') return
        assert.equal(target.url, `${BASE}/${path}`)
        for (let round = 0, text = target.url; round < 6; round += 1) {
          assert.ok(new URL(text).href.startsWith(`${BASE}/`), text)
          text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        }
      }),
      { numRuns: 20_000 },
    )
  })
})
