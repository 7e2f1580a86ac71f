import type { Plugin, PluginVersion } from '@behalf/sdk'
import { type FormSchema, SCHEMAS } from '@behalf/sdk/schemas'
import { check } from '../form/check.ts'
import type { JsonObject, Path } from '../form/json.ts'

const SCHEMA: FormSchema = SCHEMAS['PluginCreate'] ?? {}

/** The rights that an admin gives; they are no part of the manifest. */
const RIGHTS = ['subject_token_audiences', 'subject_token_max_age', 'trusted', 'token_release'] as const
const MANIFEST = Object.keys(SCHEMA.properties ?? {}).filter(name => !(RIGHTS as readonly string[]).includes(name))

export const NEW_MANIFEST: JsonObject = { name: '', connectors: [], actions: [] }

/** The manifest within a plugin or a version of it. */
export function manifestOf(plugin: Plugin | PluginVersion): JsonObject {
  const fields = Object.entries(plugin as unknown as JsonObject)
  return Object.fromEntries(fields.filter(([name, value]) => MANIFEST.includes(name) && value !== null))
}

/** The schema of a field, also within lists. */
export function schemaAt(path: Path): FormSchema {
  return path.reduce<FormSchema>(
    (schema, name) =>
      schema.items !== undefined && /^\d+$/.test(name) ? schema.items : (schema.properties?.[name] ?? {}),
    SCHEMA,
  )
}

export function checkManifest(manifest: JsonObject): [string, string][] {
  return check(SCHEMA, manifest)
}
