import type { Connector } from '@behalf/sdk'
import { PasswordInput, Textarea } from '@mantine/core'
import { useEditing } from '../form/editing.tsx'
import { getAt, isObject, type JsonObject, setAt } from '../form/json.ts'
import { ago } from '../parts/when.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { schemaAt } from './definition.ts'

const WORDS = CONNECTORS.form

/** Secrets as they are typed, by their path under `auth`: apart from the definition, so that no preview, JSON or conflict shows one. */
export type Secrets = Readonly<Record<string, string>>

export const CLIENT_SECRET = 'client_secret'
const NAMED = ['secrets/previous_client_secret', 'secrets/private_key', 'secrets/tls_client_key'] as const

/** A definition with the secrets that were typed. */
export const withSecrets = (definition: JsonObject, secrets: Secrets): JsonObject =>
  Object.entries(secrets)
    .filter(([, value]) => value !== '')
    .reduce((whole, [path, value]) => setAt(whole, ['auth', ...path.split('/')], value), definition)

export const typedCount = (secrets: Secrets): number => Object.values(secrets).filter(Boolean).length

/** Which secrets are set already and since when, in words, by their path under `auth`. */
export function keptNotes({ auth }: Connector): Secrets {
  const { variables, ...keys } = auth.secrets
  const states = [
    [CLIENT_SECRET, auth.client_secret] as const,
    ...Object.entries(keys).map(([name, state]) => [`secrets/${name}`, state] as const),
    ...Object.entries(variables).map(([name, state]) => [`secrets/variables/${name}`, state] as const),
  ]
  return Object.fromEntries(
    states.flatMap(([path, { updated_at }]) =>
      updated_at === null ? [] : [[path, WORDS.clientSecretKept(ago(updated_at))]],
    ),
  )
}

type Props = {
  readonly secrets: Secrets
  readonly onSecrets: (secrets: Secrets) => void
  readonly kept?: Secrets
}

/** One secret, with a note where it is set already. A key has lines, which a password box would lose. */
export function SecretField({
  path,
  label,
  help,
  required = false,
  secrets,
  kept = {},
  onSecrets,
}: Props & {
  readonly path: string
  readonly label?: string | undefined
  readonly help?: string | undefined
  readonly required?: boolean
}) {
  const { faults, readOnly } = useEditing()
  const schema = schemaAt(['auth', ...path.split('/')])
  const common = {
    label: label ?? schema?.title ?? path,
    description: [help ?? schema?.description, kept[path]].filter(Boolean).join(' '),
    required,
    value: secrets[path] ?? '',
    readOnly,
    error: faults.get(`/auth/${path}`),
    'data-pointer': `auth/${path}`,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onSecrets({ ...secrets, [path]: event.currentTarget.value }),
  }
  return path.endsWith('_key') ? (
    <Textarea {...common} autosize minRows={2} maxRows={8} spellCheck={false} autoComplete="off" className="mono" />
  ) : (
    <PasswordInput {...common} autoComplete="new-password" />
  )
}

/** The secrets beside the client secret: the one that is being replaced, keys, and values of variables that are marked secret. */
export function FurtherSecrets(props: Props) {
  const variables = useEditing().draft['variables']
  const secretVariables = Object.entries(isObject(variables) ? variables : {}).filter(
    ([, variable]) => getAt(variable, ['secret']) === true,
  )
  return (
    <>
      {NAMED.map(path => (
        <SecretField key={path} path={path} {...props} />
      ))}
      {secretVariables.map(([name]) => (
        <SecretField key={name} path={`secrets/variables/${name}`} label={WORDS.valueOf(name)} {...props} />
      ))}
    </>
  )
}
