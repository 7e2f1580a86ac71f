import type { Preset } from '@behalf/sdk'
import { Alert, Fieldset, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useEditing, useField } from '../form/editing.tsx'
import type { Path } from '../form/json.ts'
import { SchemaField } from '../form/schema-field.tsx'
import { Copy } from '../parts/copy.tsx'
import { CATALOGUE } from '../text/catalogue.ts'
import { CONNECTORS } from '../text/connectors.ts'
import { FORM } from '../text/form.ts'
import { callbackUrl, schemaAt } from './definition.ts'
import { CLIENT_SECRET, SecretField, type Secrets } from './secrets.tsx'

type Blank = Preset['to_fill_in'][number]
const WORDS = CONNECTORS.form
const pathOf = (pointer: string): Path => pointer.slice(1).split('/')

/** The few fields that a preset cannot know: name, client and what differs between organizations. */
export function FillIn({
  preset,
  organizationUrl,
  secrets,
  onSecrets,
}: {
  readonly preset: Preset
  readonly organizationUrl: string
  readonly secrets: Secrets
  readonly onSecrets: (secrets: Secrets) => void
}) {
  const { draft } = useEditing()
  const name = schemaAt(['name'])
  return (
    <Fieldset legend={CATALOGUE.fillIn}>
      <Stack gap="md">
        {name && <SchemaField path={['name']} schema={name} label={CONNECTORS.name} help={WORDS.nameHelp} required />}
        <Alert color="accent" variant="light" title={WORDS.callback}>
          <Text size="sm" mb="xs">
            {WORDS.callbackHelp}
          </Text>
          <Copy value={callbackUrl(organizationUrl, draft)} what={WORDS.callback} />
        </Alert>
        {preset.to_fill_in.map(blank => {
          const secretPath = blank.pointer.replace(/^\/auth\//, '')
          return blank.secret || secretPath === CLIENT_SECRET ? (
            <SecretField
              key={blank.pointer}
              path={secretPath}
              label={blank.label}
              help={blank.help ?? WORDS.clientSecretHelp}
              required
              secrets={secrets}
              onSecrets={onSecrets}
            />
          ) : (
            <BlankField key={blank.pointer} blank={blank} />
          )
        })}
        {preset.chosen.length > 0 && (
          <>
            <Text size="sm" c="dimmed">
              {CATALOGUE.chosenText}
            </Text>
            {preset.chosen.map(({ value, ...field }) => (
              <BlankField key={field.pointer} blank={{ ...field, example: null, secret: false }} chosen={value} />
            ))}
          </>
        )}
      </Stack>
    </Fieldset>
  )
}

/** `chosen` is what counts where it stays empty. */
function BlankField({ blank, chosen }: { readonly blank: Blank; readonly chosen?: string }) {
  const path = pathOf(blank.pointer)
  const field = useField(path)
  const others = blank.choices?.filter(choice => choice !== chosen) ?? []
  const common = {
    label: blank.label,
    description: [blank.help, blank.example && FORM.example(blank.example)].filter(Boolean).join(' '),
    required: chosen === undefined,
    error: field.fault,
    value: String(field.value ?? ''),
    onBlur: field.touch,
    'data-pointer': path.join('/'),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      field.change(event.currentTarget.value || undefined),
  }
  if (blank.choices !== null)
    return <NativeSelect {...common} data={[{ value: '', label: chosen ?? FORM.notSet }, ...others]} />
  return <TextInput {...common} placeholder={chosen} autoComplete="off" spellCheck={false} />
}
