import { PROBLEMS, ROUTES, type Route } from '@behalf/contract'
import { z } from 'zod'
import { type JsonSchema, typeText } from './type-text.ts'

/** The generated sources of the SDK by file name, made of the contract's routes. */
export function generate(): Readonly<Record<'routes.ts' | 'schemas.ts' | 'wire.ts', string>> {
  const twofold = namesOfTwoForms()
  const named = new Map<string, string>()
  const operations = all.map(([operation, route]) => operationText(operation, route, createTypes(twofold, named)))
  const types = [...named].map(([name, text]) => `export type ${name} = ${text}\n`)
  return {
    'routes.ts': `${HEAD}${routesText()}`,
    'schemas.ts': `${HEAD}${schemasText()}`,
    'wire.ts': `${HEAD}${JSON_TYPE}${types.join('\n')}
/** Every stable code of a problem (RFC 9457). */
export type ProblemCode =
${Object.keys(PROBLEMS)
  .map(code => `  | '${code}'`)
  .join('\n')}

/** Every REST operation: what it takes and what it answers. */
export type Operations = {
${operations.join('\n')}
}
`,
  }
}

const all = Object.entries(ROUTES) as [string, Route][]
const HEAD = '// Generated from @behalf/contract by `npm run generate`; a test keeps it true.\n\n'
const JSON_TYPE =
  '/** Any JSON value. */\nexport type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }\n\n'

function operationText(operation: string, route: Route, typeOf: TypeOf): string {
  const take = (schema: z.ZodType | undefined, sent: boolean) => (schema === undefined ? 'never' : typeOf(schema, sent))
  const own = route.own ? ', or is one’s own' : ''
  return `  /** ${route.summary}. \`${route.method.toUpperCase()} ${route.path}\`; needs ${route.allows}${own}. */
  ${operation}: {
    params: ${take(route.params, true)}
    query: ${take(route.query, true)}
    body: ${take(route.body, true)}
    answer: ${answerOf(route, take)}
    versioned: ${route.versioned === true}
  }`
}

/** What is no JSON document is handed on as it comes. */
function answerOf({ answer, stream }: Route, take: TypeOf): string {
  if (stream !== undefined) return 'Response'
  return answer === undefined ? 'undefined' : take(answer, false)
}

type TypeOf = (schema: z.ZodType, sent: boolean) => string
const GIVEN = 'Given'

/** Writes types, and keeps those with a name in `named`; a schema of `twofold` gets a second name where it is sent. */
function createTypes(twofold: ReadonlySet<string>, named: Map<string, string>): TypeOf {
  return (schema, sent) => {
    const nameOf = (id: string) => (sent && twofold.has(id) ? id + GIVEN : id)
    const json = z.toJSONSchema(schema, { io: sent ? 'input' : 'output', unrepresentable: 'any' }) as JsonSchema
    const define = (id: string, inner: JsonSchema) => named.set(nameOf(id), typeText(inner, { sent, nameOf }))
    for (const [id, inner] of Object.entries(json.$defs ?? {})) if (!id.startsWith('__')) define(id, inner)
    const { id } = (z.globalRegistry.get(schema) ?? {}) as { id?: string }
    if (id === undefined || json.$ref !== undefined) return typeText(json, { sent, nameOf })
    define(id, json)
    return nameOf(id)
  }
}

/** Schemas that look one way when sent and another when answered, by defaults for instance. */
function namesOfTwoForms(): ReadonlySet<string> {
  const [sent, answered] = [new Map<string, string>(), new Map<string, string>()]
  const [typeOfSent, typeOfAnswered] = [createTypes(new Set(), sent), createTypes(new Set(), answered)]
  for (const [, { body, answer }] of all) {
    if (body !== undefined) typeOfSent(body, true)
    if (answer !== undefined) typeOfAnswered(answer, false)
  }
  return new Set([...sent].filter(([id, text]) => answered.has(id) && answered.get(id) !== text).map(([id]) => id))
}

function routesText(): string {
  const rows = all.map(([operation, route]) => {
    const named = [
      ...Object.keys(route.params?.shape ?? {}),
      ...(route.versioned ? ['version'] : []),
      ...(route.body ? ['body'] : []),
    ]
    const clash = [...Object.keys(route.query?.shape ?? {}), ...named].find(
      (name, index, all) => all.indexOf(name) !== index,
    )
    if (clash !== undefined) throw new Error(`${operation} takes two things that are called ${clash}`)
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

/** Schemas that forms are made of: bodies with a name, each with its labels, help, examples and rules. */
const FORMS: readonly string[] = ['ConnectorCreate', 'PluginCreate']

function schemasText(): string {
  const schemas: Record<string, unknown> = {}
  for (const [, { body }] of all) {
    if (body === undefined) continue
    const json = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as JsonSchema
    const { id } = (z.globalRegistry.get(body) ?? {}) as { id?: string }
    const named = { ...json.$defs, ...(id === undefined || json.$ref !== undefined ? {} : { [id]: json }) }
    for (const form of FORMS) {
      const { [form]: own, ...others } = named
      if (own !== undefined) schemas[form] = { ...own, $defs: others }
    }
  }
  const missing = FORMS.find(form => !(form in schemas))
  if (missing !== undefined) throw new Error(`no body is called ${missing} any more`)
  const rows = Object.entries(schemas).map(([id, schema]) => `  ${id}: ${JSON.stringify(schema)},`)
  return `import type { FormSchema } from '../form-schema.ts'

const schemas: Readonly<Record<string, object>> = {
${rows.join('\n')}
}

/** What forms are made of: JSON Schema with a title, a description and examples at every field. */
export const SCHEMAS = schemas as Readonly<Record<string, FormSchema>>
`
}

const isPage = ({ answer }: Route): boolean =>
  answer instanceof z.ZodObject && 'next_cursor' in answer.shape && 'items' in answer.shape
