import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type FormSchema, SCHEMAS } from '@behalf/sdk/schemas'

/** What the form itself says more about, or an admin decides beside it. */
const ELSEWHERE = ['name', 'auth', 'approve', 'auth.type', 'auth.grant_type']
/** An example of a secret would be taken for one. */
const SECRETS = /^auth\.(client_secret|secrets\..*)$/

it('helps with every field of a connector, and shows an example of whatever is typed and no secret', () => {
  const schema: FormSchema = SCHEMAS['ConnectorCreate'] ?? assert.fail()
  const missing: string[] = []
  let count = 0
  const look = ({ properties = {} }: FormSchema, above: string) => {
    for (const [name, given] of Object.entries(properties)) {
      const shared = given.$ref === undefined ? {} : schema.$defs?.[given.$ref.split('/').at(-1) ?? '']
      const field: FormSchema = { ...shared, ...given }
      const path = above + name
      count += 1
      if (!field.description && !ELSEWHERE.includes(path)) missing.push(`${path}: no help`)
      const isTyped = field.enum === undefined && field.type !== 'boolean' && field.properties === undefined
      if (isTyped && !field.examples?.length && !ELSEWHERE.includes(path) && !SECRETS.test(path))
        missing.push(`${path}: no example`)
      look(field, `${path}.`)
    }
  }
  look(schema, '')
  assert.ok(count > 150, `${count} fields`)
  assert.deepEqual(missing, [])
})
