import { keyCredential } from './credential.ts'
import type { Json, Run } from './generated/wire.ts'
import { type BehalfProblem, BehalfUnreachable, readProblem } from './problem.ts'
import { readTokenError, type TokenExchangeError } from './token-exchange-error.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:'

/** Who is spoken for: a fresh token of the organization's SSO, or, for plugins an admin trusts, a person by id or e-mail. */
export type OnBehalfOf =
  | { readonly subjectToken: string; readonly subjectTokenType?: 'id_token' | 'access_token' | 'jwt' }
  | { readonly subject: string }

export type PluginOptions = {
  /** The organization's URL, such as `https://acme.behalf.example.com`. */
  readonly url: string
  /** `bhp_…` */
  readonly pluginKey: string
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** A token got by exchange. */
export type ExchangedToken = {
  readonly accessToken: string
  /** `jwt`: a Behalf token for the gateway. `access_token`: the provider's own. */
  readonly issuedTokenType: 'jwt' | 'access_token'
  readonly tokenType: 'Bearer' | 'N_A'
  /** Seconds; undefined where the provider does not say. */
  readonly expiresIn: number | undefined
  readonly scope: string | undefined
}

export type Behalf = {
  /**
   * Calls the connector's API in the person's name; `path` goes under its base URL. The answer is the provider's own, whatever its status.
   * Throws {@link BehalfProblem} where Behalf itself refuses (`connection_required` carries `connectUrl`), {@link BehalfUnreachable}.
   */
  fetch(connector: string, path: string, init?: RequestInit): Promise<Response>
  /**
   * Runs an action of the plugin in the person's name. With `waitSeconds` (120 at most) it waits for the person where a connection is missing, and
   * goes on by itself. Throws {@link BehalfProblem} (`connection_required` carries one `connectUrl` for all that is missing),
   * {@link BehalfUnreachable}.
   */
  run(
    plugin: string,
    action: string,
    input?: Readonly<Record<string, Json>>,
    options?: { readonly waitSeconds?: number; readonly signal?: AbortSignal },
  ): Promise<Run>
  /** Exchanges who the person is for a token (RFC 8693). Throws {@link TokenExchangeError}, {@link BehalfUnreachable}. */
  exchangeToken(connector: string, asked?: { readonly want?: 'jwt' | 'access_token' }): Promise<ExchangedToken>
}

/** What a plugin may do with its key: `createPlugin({ url, pluginKey }).onBehalfOf({ subject }).fetch('orbit', '/me')`. */
export function createPlugin({ url, pluginKey, fetch = globalThis.fetch.bind(globalThis) }: PluginOptions): {
  readonly onBehalfOf: (person: OnBehalfOf) => Behalf
} {
  const base = new URL(url).origin
  const credential = keyCredential(pluginKey)

  return {
    onBehalfOf: person => ({
      async fetch(connector, path, init = {}) {
        const headers = new Headers(init.headers)
        await credential.apply(headers, 'GET')
        name(person, headers)
        const target = `${base}/gateway/${encodeURIComponent(connector)}/${path.replace(/^\//, '')}`
        const response = await reach(target, { redirect: 'manual', ...init, headers }, init.signal)
        if (response.headers.get('behalf-answered-by') === 'provider') return response
        throw await readProblem(response)
      },
      async run(plugin, action, input = {}, { waitSeconds, signal } = {}) {
        const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' })
        await credential.apply(headers, 'POST')
        name(person, headers)
        if (waitSeconds !== undefined) headers.set('prefer', `wait=${Math.ceil(waitSeconds)}`)
        const path = `/api/v1/plugins/${encodeURIComponent(plugin)}/actions/${encodeURIComponent(action)}/run`
        const init = {
          method: 'POST',
          headers,
          body: JSON.stringify({ input }),
          ...(signal === undefined ? {} : { signal }),
        }
        const response = await reach(base + path, init, signal)
        if (!response.ok) throw await readProblem(response)
        return (await response.json()) as Run
      },
      async exchangeToken(connector, { want = 'jwt' } = {}) {
        const headers = new Headers({ accept: 'application/json' })
        await credential.apply(headers, 'POST')
        const form = new URLSearchParams({
          grant_type: GRANT,
          resource: `${base}/gateway/${connector}`,
          requested_token_type: TOKEN_TYPE + want,
        })
        if ('subjectToken' in person) {
          form.set('subject_token', person.subjectToken)
          form.set('subject_token_type', TOKEN_TYPE + (person.subjectTokenType ?? 'id_token'))
        } else name(person, headers)
        const response = await reach(`${base}/oauth/token`, { method: 'POST', headers, body: form })
        if (!response.ok) throw await readTokenError(response)
        return toToken((await response.json()) as Answered)
      },
    }),
  }

  async function reach(target: string, init: RequestInit, signal?: AbortSignal | null): Promise<Response> {
    try {
      return await fetch(target, init)
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      throw new BehalfUnreachable('Behalf could not be reached.', { cause })
    }
  }
}

function name(person: OnBehalfOf, headers: Headers): void {
  if ('subject' in person) headers.set('behalf-subject', person.subject)
  else headers.set('behalf-subject-token', person.subjectToken)
}

type Answered = {
  readonly access_token: string
  readonly issued_token_type: string
  readonly token_type: 'Bearer' | 'N_A'
  readonly expires_in?: number
  readonly scope?: string
}

const toToken = (answer: Answered): ExchangedToken => ({
  accessToken: answer.access_token,
  issuedTokenType: answer.issued_token_type.endsWith(':jwt') ? 'jwt' : 'access_token',
  tokenType: answer.token_type,
  expiresIn: answer.expires_in,
  scope: answer.scope,
})
