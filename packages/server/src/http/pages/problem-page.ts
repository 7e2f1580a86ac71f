import { existsSync, readFileSync } from 'node:fs'
import { PROBLEMS, type ProblemCode } from '@behalf/contract'
import { html } from 'hono/html'
import { bareFrame, layout } from './layout.ts'
import type { Markup } from './markup.ts'

const FOLDER = new URL('../../../../../docs/problems/', import.meta.url)

/** What a problem code means, from `docs/problems`, paragraph by paragraph. */
export function problemPage(code: ProblemCode): Markup {
  const [status, title] = PROBLEMS[code]
  const paragraphs = readParagraphs(code)
  return layout(
    bareFrame,
    { title: code, narrow: true },
    html`<h1>${title}</h1><p class="lead"><code>${code}</code>, HTTP ${status}</p>${paragraphs.map(text => html`<p>${text}</p>`)}<p class="go"><a class="quiet" href="/api/docs">API reference</a></p>`,
  )
}

function readParagraphs(code: ProblemCode): readonly string[] {
  const file = new URL(`${code}.md`, FOLDER)
  if (!existsSync(file)) return []
  const blocks = readFileSync(file, 'utf8').split(/\n{2,}/)
  return blocks
    .map(block => block.trim().replaceAll('`', '').replace(/\n/g, ' '))
    .filter(block => block !== '' && !block.startsWith('#'))
}
