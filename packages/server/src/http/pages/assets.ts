import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file of our own at a path that changes with its content, so that it may be kept for ever. */
export type Asset = { readonly path: string; readonly text: string; readonly type: string }

function asset(file: string, extension: string, type: string, shrink: (text: string) => string): Asset {
  const text = shrink(readFileSync(new URL(file, import.meta.url), 'utf8'))
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return { path: `/assets/pages.${hash}.${extension}`, text, type: `${type}; charset=utf-8` }
}

const withoutComments = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .trim()

export const STYLESHEET = asset('./pages.css', 'css', 'text/css', withoutComments)
export const COMFORT = asset('./comfort.js', 'js', 'text/javascript', text => text)

/** The `Link` of a page: its stylesheet is asked for while the page is still on its way (RFC 8288). */
export const PRELOAD = `<${STYLESHEET.path}>; rel=preload; as=style`
