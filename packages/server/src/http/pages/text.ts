import { AGREEMENTS } from './english/agreements.ts'
import { CONNECT } from './english/connect.ts'
import { CONNECTIONS } from './english/connections.ts'
import { DEBUG_WINDOWS } from './english/debug-windows.ts'
import { PERSON } from './english/person.ts'
import { PROBLEM_TEXTS } from './english/problems.ts'
import { RIGHTS } from './english/rights.ts'

/** The language of the pages; a second one is a folder like `english/` and a line here. */
export const LANGUAGE = { tag: 'en', direction: 'ltr', locale: 'en-GB' } as const

/** Every sentence that people read on pages. Holes in braces are filled by `say`; their order is the language's own. */
export const TEXT = {
  ...PERSON,
  agreements: AGREEMENTS,
  connections: CONNECTIONS,
  debugWindows: DEBUG_WINDOWS,
  connect: CONNECT,
  problems: PROBLEM_TEXTS,
  rights: RIGHTS,
} as const
