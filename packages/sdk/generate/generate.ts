import { PROBLEMS, ROUTES, type Route } from '@behalf/contract'
import { z } from 'zod'
import { type JsonSchema, typeText } from './type-text.ts'

/** The generated sources of the SDK by file name, made of the contract's routes. */
export function generate(): Readonly<Record<'routes.ts' | 'wire.ts', string>> {
  const named = new Map<string, string>()
  const operations = (Object.entries(ROUTES) as [string, Route][]).map(([operation, route]) => {
    const take = (schema: z.ZodType | undefined, sent: boolean) =>
      schema === undefined ? 'never' : typeOf(schema, sent, named)
    return [
      `  /** ${route.summary}. \`${route.method.toUpperCase()} ${route.path}\`; needs ${route.allows}${route.own ? ', or is one’s own' : ''}. */`,
      `  ${operation}: {`,
      `    params: ${take(route.params, true)}`,
      `    query: ${take(route.query, true)}`,
      `    body: ${take(route.body, true)}`,
      `    answer: ${answerOf(route, take)}`,
      `    versioned: ${route.versioned === true}`,
      '  }',
    ].join('\n')
  })
  return {
    'routes.ts': `${HEAD}${routesText()}`,
    'wire.ts': `${HEAD}${JSON_TYPE}${[...named].map(([name, text]) => `export type ${name} = ${text}\n`).join('\n')}
/** Every stable code of a problem (RFC 9457). */
export type ProblemCode = ${Object.keys(PROBLEMS)
      .map(code => JSON.stringify(code))
      .join(' | ')}

/** Every REST operation: what it takes and what it answers. */
export type Operations = {
${operations.join('\n')}
}
`,
  }
}

/** What is no JSON document is handed on as it comes. */
function answerOf({ answer, stream }: Route, take: (schema: z.ZodType, sent: boolean) => string): string {
  if (stream !== undefined) return 'Response'
  return answer === undefined ? 'undefined' : take(answer, false)
}

const HEAD = '// Generated from @behalf/contract by `npm run generate`; a test keeps it true.\n\n'
const JSON_TYPE =
  '/** Any JSON value. */\nexport type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }\n\n'

function typeOf(schema: z.ZodType, sent: boolean, named: Map<string, string>): string {
  const json = z.toJSONSchema(schema, { io: sent ? 'input' : 'output', unrepresentable: 'any' }) as JsonSchema
  for (const [name, inner] of Object.entries(json.$defs ?? {})) if (!/^__/.test(name)) define(name, inner, sent, named)
  const { id } = (z.globalRegistry.get(schema) ?? {}) as { id?: string }
  if (id === undefined || json.$ref !== undefined) return typeText(json, sent)
  define(id, json, sent, named)
  return id
}

function define(name: string, schema: JsonSchema, sent: boolean, named: Map<string, string>): void {
  const text = typeText(schema, sent)
  const before = named.get(name)
  if (before !== undefined && before !== text)
    throw new Error(`${name} has one form when sent and another when answered`)
  named.set(name, text)
}

function routesText(): string {
  const rows = (Object.entries(ROUTES) as [string, Route][]).map(([operation, route]) => {
    const clash = Object.keys(route.query?.shape ?? {}).find(name => name in (route.params?.shape ?? {}))
    if (clash !== undefined) throw new Error(`${operation} has ${clash} both in its path and in its query`)
    const marks = [
      route.versioned ? 'versioned' : '',
      isPage(route) ? 'page' : '',
      route.stream ? 'stream' : '',
    ].filter(mark => mark !== '')
    const parts = [route.method.toUpperCase(), route.path, ...marks].map(part => `'${part}'`)
    return `  ${operation}: [${parts.join(', ')}],`
  })
  return `/** Method and path of every REST operation; \`versioned\` ones need If-Match, \`page\` ones answer cursor pages, \`stream\` ones no JSON document. */
export const ROUTES = {
${rows.join('\n')}
} as const
`
}

const isPage = ({ answer }: Route): boolean =>
  answer instanceof z.ZodObject && 'next_cursor' in answer.shape && 'items' in answer.shape
