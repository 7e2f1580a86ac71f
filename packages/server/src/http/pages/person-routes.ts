import type { SessionId } from '@behalf/contract'
import type { Hono } from 'hono'
import type { HistoryEntry } from '../../flows/connect/read-history.ts'
import type { Flows } from '../../flows/flows.ts'
import { fromCursor, toCursor } from '../cursor.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { singleQuery } from '../json-body.ts'
import type { SessionPrincipal } from '../principal.ts'
import { historyCsv, historyPage } from './history-page.ts'
import { note } from './notes.ts'
import type { Edge, PageGuard } from './page-guard.ts'
import { counted } from './say.ts'
import { sessionsPage } from './sessions-page.ts'
import { TEXT } from './text.ts'

const PAGE = 50
const FILE_PAGE = 1_000
const MOST_IN_FILE = 20_000

/** Registers what is about the person: every use of their connections, and where they are signed in. */
export function registerPersonPages(app: Hono<EdgeEnv>, flows: Flows, { signedIn, submitted, frame }: PageGuard): void {
  app.get('/history', c => signedIn(c, showHistory))
  app.get('/history.csv', c => signedIn(c, sendHistory))
  app.get('/sessions', c => signedIn(c, showSessions))
  app.post('/sessions/:id/end', c => submitted(c, endSessions))

  async function showHistory(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { system = '', cursor } = singleQuery(new URL(c.req.url))
    const asked = { system: system === '' ? undefined : system }
    const page = { after: fromCursor(cursor), limit: PAGE }
    const history = await flows.readHistory(c.get('context'), principal, asked, page)
    const used = await flows.listUsage(c.get('context'), { ...principal, roles: [] }, {}, { after: null, limit: PAGE })
    const within = used.items.filter(({ connector }) => system === '' || connector.name === system)
    const totals = cursor === undefined ? within : []
    const view = {
      history,
      totals,
      system: asked.system,
      later: cursor !== undefined,
      nextCursor: toCursor(history.next),
    }
    return c.html(historyPage(await frame(c, principal), view))
  }

  async function sendHistory(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { system = '' } = singleQuery(new URL(c.req.url))
    const asked = { system: system === '' ? undefined : system }
    const entries: HistoryEntry[] = []
    let after: string | null = null
    do {
      const read = await flows.readHistory(c.get('context'), principal, asked, { after, limit: FILE_PAGE })
      entries.push(...read.entries)
      after = read.next
    } while (after !== null && entries.length < MOST_IN_FILE)
    return c.body(`${historyCsv(entries)}\r\n`, 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="history.csv"',
    })
  }

  async function showSessions(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const ended = /^\d{1,3}$/.exec(singleQuery(new URL(c.req.url))['ended'] ?? '')?.[0]
    const words = ended === '0' ? TEXT.sessions.endedNone : counted(TEXT.sessions.ended, Number(ended))
    const sessions = await flows.listOwnSessions(c.get('context'), principal)
    const view = {
      sessions,
      current: principal.sessionId,
      note: ended === undefined ? '' : note('good', words),
    } as const
    return c.html(sessionsPage(await frame(c, principal), view))
  }

  async function endSessions(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const id = c.req.param('id') ?? ''
    const which = id === 'others' ? 'all' : (id as SessionId)
    const ended = await flows.endOtherSessions(c.get('context'), principal, which)
    return c.redirect(`/sessions?ended=${ended}`, 303)
  }
}
