import type { BeginConnect, ConnectBegun } from '../../flows/connect/begin-connect.ts'
import { setCookie } from '../cookies.ts'

const BROWSER_MS = 86_400_000
const ANSWER = 'variable.'

/** What the form that begins a connect says, with the cookie of its browser. */
export const connectAsked = (
  form: URLSearchParams,
  browserToken: string | undefined,
): Omit<BeginConnect, 'connectorName'> & Required<Pick<BeginConnect, 'variables'>> => ({
  pluginName: form.get('plugin') ?? undefined,
  returnTo: form.get('return_to') ?? undefined,
  variables: answersOf(form),
  browserToken,
})

/** What the person wrote for the connector's variables. */
function answersOf(form: URLSearchParams): Readonly<Record<string, string>> {
  const answers: Record<string, string> = {}
  for (const [name, value] of form) if (name.startsWith(ANSWER)) answers[name.slice(ANSWER.length)] = value
  return answers
}

/** The `Set-Cookie` that ties the authorization request to this browser. */
export const browserCookie = ({ browserToken }: ConnectBegun, secure: boolean): string =>
  setCookie('browser', browserToken, { secure, maxAgeMs: BROWSER_MS })
