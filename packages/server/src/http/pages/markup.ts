import type { HtmlEscapedString } from 'hono/utils/html'

/** Escaped markup. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>
