import { placeholdersOf } from './template.ts'
import type { Variable } from './variables.ts'

type Variables = Readonly<Record<string, Variable>>

/** Scheme and authority, as far as they are written out; or a variable that is a whole URL. */
const PARTS = /^(?:(https?:\/\/)([^/?#]*)|\{([a-z][a-z0-9_]*)\})(.*)$/s
/** What must follow the last variable of a host that people or answers choose: a domain of at least two labels. */
const FIXED_TAIL = /^\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/

/** Why the variables of a URL template cannot stand where they do; undefined where they can. SECURITY: decides which hosts a template can lead to. */
export function templateFault(url: string, variables: Variables, builtIn: readonly string[] = []): string | undefined {
  const parts = PARTS.exec(url)
  if (parts === null) return 'must be https'
  const [, , authority = '', whole, rest = ''] = parts
  for (const name of placeholdersOf(url)) {
    const known = variables[name]
    if (known === undefined && !builtIn.includes(name)) return `{${name}} is not a variable`
    if (known?.secret === true) return `{${name}} is secret and stands in a URL`
  }
  if (whole !== undefined && variables[whole]?.type !== 'url') return `{${whole}} is not a variable of type url`
  for (const name of placeholdersOf(rest)) if (variables[name]?.type === 'url') return `{${name}} is a whole URL`
  return authorityFault(authority, variables)
}

function authorityFault(authority: string, variables: Variables): string | undefined {
  const names = placeholdersOf(authority)
  for (const name of names) {
    const type = variables[name]?.type
    if (type !== 'label' && type !== 'host') return `{${name}} stands in the host: it must be a label or a host`
    if (type === 'host' && authority !== `{${name}}`) return `{${name}} must be the whole host`
  }
  const chosen = names.filter(
    name =>
      variables[name]?.type === 'label' &&
      variables[name]?.source !== 'organization' &&
      variables[name]?.enum === undefined,
  )
  const tail = authority.slice(authority.lastIndexOf('}') + 1)
  if (chosen.length > 0 && !FIXED_TAIL.test(tail))
    return 'after the variables a host must end in a domain of its own, such as .example.com'
  return undefined
}

/** A template with a value in every place, by which its shape can be judged. */
export const withSamples = (url: string, variables: Variables): string =>
  url.replace(/\{([a-z][a-z0-9_]{0,39})\}/g, (_, name: string) => sample(variables[name]))

function sample(variable: Variable | undefined): string {
  if (variable?.value !== undefined && variable.type !== 'text') return variable.value
  if (variable === undefined || variable.type === 'text' || variable.type === 'label') return 'x'
  const host = variable.host_suffixes?.[0] ?? 'host.example'
  if (variable.type === 'host') return host
  return /^(localhost|\d+\.\d+\.\d+\.\d+|\[)/.test(host) ? `http://${host}` : `https://${host}`
}
