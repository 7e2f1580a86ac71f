import type { Preset } from '@behalf/sdk'
import { Alert, Fieldset, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useEditing, useField } from '../form/editing.tsx'
import type { Path } from '../form/json.ts'
import { SchemaField } from '../form/schema-field.tsx'
import { Copy } from '../parts/copy.tsx'
import { CATALOGUE } from '../text/catalogue.ts'
import { CONNECTORS } from '../text/connectors.ts'
import { FORM } from '../text/form.ts'
import { callbackUrl, schemaAt } from './definition.ts'

type Blank = Preset['to_fill_in'][number]
const WORDS = CONNECTORS.form
const pathOf = (pointer: string): Path => pointer.slice(1).split('/')

/** The few fields that a preset cannot know: name, client and what differs between organizations. */
export function FillIn({
  preset,
  organizationUrl,
  secret,
  onSecret,
}: {
  readonly preset: Preset
  readonly organizationUrl: string
  readonly secret: string
  readonly onSecret: (secret: string) => void
}) {
  const { draft } = useEditing()
  const name = schemaAt(['name'])
  return (
    <Fieldset legend={CATALOGUE.fillIn}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {CATALOGUE.fillInText}
        </Text>
        {name && <SchemaField path={['name']} schema={name} label={CONNECTORS.name} help={WORDS.nameHelp} required />}
        <Alert color="accent" variant="light" title={WORDS.callback}>
          <Text size="sm" mb="xs">
            {WORDS.callbackHelp}
          </Text>
          <Copy value={callbackUrl(organizationUrl, draft)} what={WORDS.callback} />
        </Alert>
        {preset.to_fill_in.map(blank =>
          blank.pointer === '/auth/client_secret' ? (
            <PasswordInput
              key={blank.pointer}
              label={blank.label}
              description={WORDS.clientSecretHelp}
              value={secret}
              required
              autoComplete="new-password"
              onChange={event => onSecret(event.currentTarget.value)}
            />
          ) : (
            <BlankField key={blank.pointer} blank={blank} />
          ),
        )}
      </Stack>
    </Fieldset>
  )
}

function BlankField({ blank }: { readonly blank: Blank }) {
  const path = pathOf(blank.pointer)
  const field = useField(path)
  const common = {
    label: blank.label,
    description: [blank.help, blank.example && FORM.example(blank.example)].filter(Boolean).join(' '),
    required: true,
    error: field.fault,
    value: String(field.value ?? ''),
    onBlur: field.touch,
    'data-pointer': path.join('/'),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      field.change(event.currentTarget.value || undefined),
  }
  if (blank.choices !== null)
    return <NativeSelect {...common} data={[{ value: '', label: FORM.notSet }, ...blank.choices]} />
  if (blank.secret) return <PasswordInput {...common} autoComplete="new-password" />
  return <TextInput {...common} autoComplete="off" spellCheck={false} />
}
