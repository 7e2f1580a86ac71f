import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const text = readFileSync(new URL('./pages.css', import.meta.url), 'utf8')
const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)

/** The one stylesheet, at a path that changes with its content. */
export const STYLESHEET = { path: `/assets/pages.${hash}.css`, text } as const
