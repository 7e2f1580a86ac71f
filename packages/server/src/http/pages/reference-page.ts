import { PROBLEMS, ROUTES, type Route } from '@behalf/contract'
import { html } from 'hono/html'
import { bareFrame, layout } from './layout.ts'
import type { Markup } from './markup.ts'

/** The API at a glance, from the same data as the OpenAPI document. */
export function referencePage({ baseUrl }: { readonly baseUrl: string }): Markup {
  const routes = Object.entries(ROUTES) as [string, Route][]
  return layout(
    bareFrame,
    { title: 'API reference' },
    html`<h1>API reference</h1>
<p class="lead">REST under <code>${baseUrl}/api/v1</code>, with an API key as <code>Authorization: Bearer</code>. The whole of it, with every field: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
<h2 id="rest">REST</h2>
<div class="wide" role="region" aria-labelledby="rest" tabindex="0"><table><thead><tr><th>Request</th><th>What</th><th>Needs</th></tr></thead><tbody>
${routes.map(([, route]) => html`<tr><td><span class="method">${route.method.toUpperCase()}</span> <code>${route.path}</code></td><td>${route.summary}${route.versioned ? ' (If-Match)' : ''}</td><td><code>${route.allows}</code>${route.own ? ' or one’s own' : ''}</td></tr>`)}
</tbody></table></div>
<h2>Calls on behalf of a person</h2>
<p><code>ANY ${baseUrl}/gateway/{connector}/{path}</code> with a plugin key, and <code>Behalf-Subject-Token</code> or, for plugins an admin trusts, <code>Behalf-Subject</code>.</p>
<p><code>POST ${baseUrl}/oauth/token</code>: token exchange (RFC 8693).</p>
<h2 id="problems">Problems</h2>
<div class="wide" role="region" aria-labelledby="problems" tabindex="0"><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>
${Object.entries(PROBLEMS).map(([code, [status, title]]) => html`<tr><td><a href="/api/docs/problems/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`)}
</tbody></table></div>`,
  )
}
