/** An uploaded icon as it is served. */
export type Icon = {
  readonly mediaType: 'image/png' | 'image/svg+xml'
  readonly bytes: Uint8Array
  readonly hash: string
  readonly updatedAt: number
}

const MOST_BYTES = 65_536
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const TAGS: ReadonlySet<string> = new Set(
  'svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop title desc clipPath mask symbol use'.split(
    ' ',
  ),
)
const ATTRIBUTES =
  /^(?:xmlns|xmlns:xlink|version|viewBox|id|class|d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|fx|fy|width|height|points|transform|fill|fill-rule|fill-opacity|clip-rule|clip-path|mask|stroke|stroke-width|stroke-linecap|stroke-linejoin|stroke-miterlimit|stroke-dasharray|stroke-dashoffset|stroke-opacity|opacity|offset|stop-color|stop-opacity|gradientUnits|gradientTransform|spreadMethod|clipPathUnits|maskUnits|preserveAspectRatio|role|aria-label|aria-hidden|focusable|href|xlink:href)$/
const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Why an icon is not taken; undefined where it is. A PNG by its signature, an SVG of drawings alone: no script, style, event, entity or reference out. */
export function iconFault(mediaType: Icon['mediaType'], bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > MOST_BYTES) return 'between 1 byte and 64 KB'
  if (mediaType === 'image/png') return PNG.every((byte, at) => bytes[at] === byte) ? undefined : 'not a PNG'
  const text = new TextDecoder('utf-8').decode(bytes).replace(/^\ufeff?\s*(?:<\?xml[^>]*\?>)?\s*/, '')
  return svgFault(text.replace(/<!--(?:(?!--)[\s\S])*-->/g, '').trim())
}

function svgFault(text: string): string | undefined {
  if (!/^<svg[\s>]/.test(text)) return 'not an SVG'
  let at = 0
  while (at < text.length) {
    if (text[at] !== '<') {
      const next = text.indexOf('<', at)
      if (text.slice(at, next === -1 ? undefined : next).includes('&')) return 'no entities'
      if (next === -1) break
      at = next
      continue
    }
    TAG.lastIndex = at
    const [whole, , name = '', attributes = ''] = TAG.exec(text) ?? []
    if (whole === undefined) return 'only plain tags'
    if (!TAGS.has(name)) return `no <${name.slice(0, 40)}>`
    const fault = attributesFault(attributes)
    if (fault !== undefined) return fault
    at += whole.length
  }
  return undefined
}

function attributesFault(text: string): string | undefined {
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? ''
    if (!ATTRIBUTES.test(name)) return `no attribute ${name.slice(0, 40)}`
    if (value.includes('&')) return 'no entities'
    if (/href$/.test(name) && !/^#[\w-]+$/.test(value)) return 'no reference out'
    if (/url\s*\(/i.test(value) && !/^url\(#[\w-]+\)$/.test(value)) return 'no reference out'
    if (/^\s*(?:javascript|data)\s*:/i.test(value)) return 'no reference out'
  }
  return undefined
}
