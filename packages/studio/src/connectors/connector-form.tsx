import { Accordion, Alert, Fieldset, NativeSelect, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useEditing, useField } from '../form/editing.tsx'
import { getAt, type JsonObject, type Path } from '../form/json.ts'
import { JsonEditor } from '../form/json-editor.tsx'
import { SchemaField } from '../form/schema-field.tsx'
import { Copy } from '../parts/copy.tsx'
import { CONNECTORS } from '../text/connectors.ts'
import { FORM } from '../text/form.ts'
import { callbackUrl, schemaAt } from './definition.ts'
import { CLIENT_SECRET, FurtherSecrets, SecretField, type Secrets } from './secrets.tsx'
import { UNUSUAL } from './unusual.ts'

const WORDS = CONNECTORS.form

type Props = {
  readonly organizationUrl: string
  readonly secrets: Secrets
  readonly onSecrets: (secrets: Secrets) => void
  /** What is set already, by path. */
  readonly kept?: Secrets
  readonly isNew: boolean
  readonly onReplace: (definition: JsonObject) => void
}

/** The form on the source's own path, beside the same definition as JSON. */
export function ConnectorForm(props: Props) {
  const { draft, readOnly } = useEditing()
  const [view, setView] = useState<'form' | 'json'>('form')
  return (
    <Stack gap="lg">
      <SegmentedControl
        value={view}
        onChange={next => setView(next === 'json' ? 'json' : 'form')}
        data={[
          { value: 'form', label: FORM.form },
          { value: 'json', label: FORM.json },
        ]}
        style={{ alignSelf: 'flex-start' }}
        aria-label={FORM.viewAs}
      />
      {view === 'json' ? (
        <JsonEditor value={draft} onChange={props.onReplace} readOnly={readOnly} />
      ) : (
        <Sections {...props} />
      )}
    </Stack>
  )
}

function Sections(props: Props) {
  const type = useField(['auth', 'type'])
  const grant = useField(['auth', 'grant_type'])
  const chosen = type.value === 'oauth2' && grant.value === 'authorization_code'
  return (
    <>
      <Fieldset legend={WORDS.basics}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {WORDS.basicsHelp}
          </Text>
          {props.isNew && (
            <Field path={['name']} label={CONNECTORS.name} help={WORDS.nameHelp} example={WORDS.nameExample} required />
          )}
          <Field path={['display_name']} label={WORDS.displayName} help={WORDS.displayNameHelp} />
          <Field
            path={['display_description']}
            label={WORDS.description}
            help={WORDS.descriptionHelp}
            example={WORDS.descriptionExample}
          />
          <Field path={['base_url']} label={WORDS.baseUrl} required />
        </Stack>
      </Fieldset>
      <Fieldset legend={WORDS.auth}>
        <Stack gap="md">
          <Choose path={['auth', 'type']} label={WORDS.authConfig} choices={[['oauth2', WORDS.oauth2]]} />
          {type.value === 'oauth2' && (
            <Choose
              path={['auth', 'grant_type']}
              label={WORDS.grantType}
              choices={[['authorization_code', WORDS.authorizationCode]]}
            />
          )}
          {!chosen && <Text c="dimmed">{WORDS.chooseFirst}</Text>}
        </Stack>
      </Fieldset>
      {chosen && <Chosen {...props} />}
    </>
  )
}

const NONE: Secrets = {}

function Chosen({ organizationUrl, secrets, onSecrets, kept = NONE }: Props) {
  const { draft } = useEditing()
  const isPublic = getAt(draft, ['auth', 'client_authentication']) === 'none'
  return (
    <>
      <Alert color="accent" variant="light" title={WORDS.callback} role="note">
        <Stack gap="xs">
          <Text size="sm">{WORDS.callbackHelp}</Text>
          <Copy value={callbackUrl(organizationUrl, draft)} what={WORDS.callback} />
        </Stack>
      </Alert>
      <Fieldset legend={WORDS.required}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {WORDS.requiredHelp}
          </Text>
          <Field
            path={['auth', 'authorization_url']}
            label={WORDS.authorizationUrl}
            help={WORDS.authorizationUrlHelp}
          />
          <Field path={['auth', 'client_id']} label={WORDS.clientId} help={WORDS.clientIdHelp} required />
          {!isPublic && (
            <SecretField
              path={CLIENT_SECRET}
              label={WORDS.clientSecret}
              help={WORDS.clientSecretHelp}
              secrets={secrets}
              kept={kept}
              onSecrets={onSecrets}
            />
          )}
          <Field path={['auth', 'scope']} label={WORDS.scope} help={WORDS.scopeHelp} />
          <Field path={['auth', 'token_url']} label={WORDS.tokenUrl} help={WORDS.tokenUrlHelp} />
        </Stack>
      </Fieldset>
      <Fieldset legend={WORDS.recommended}>
        <Stack gap="md">
          <Field path={['auth', 'revoke_url']} label={WORDS.revokeUrl} help={WORDS.revokeUrlHelp} />
          <Field path={['auth', 'instructions_url']} label={WORDS.instructionsUrl} help={WORDS.instructionsUrlHelp} />
          <Title order={2} size="h5">
            {WORDS.revokeOptions}
          </Title>
          <Field
            path={['auth', 'revoke', 'authentication']}
            label={WORDS.revokeAuthentication}
            help={WORDS.revokeAuthenticationHelp}
          />
          <Field path={['auth', 'revoke', 'token_key']} label={WORDS.tokenKey} help={WORDS.tokenKeyHelp} />
          <Field path={['auth', 'revoke', 'data']} label={WORDS.revokeData} />
          <Title order={2} size="h5">
            {WORDS.customRequest}
          </Title>
          <Field path={['auth', 'token_request', 'data']} label={WORDS.requestData} help={WORDS.requestDataHelp} />
          <Field path={['auth', 'issuer']} label={WORDS.issuer} help={WORDS.issuerHelp} />
        </Stack>
      </Fieldset>
      <Unusual>
        <FurtherSecrets secrets={secrets} kept={kept} onSecrets={onSecrets} />
      </Unusual>
    </>
  )
}

/** Part of an id: with a space in it, it would be several. */
const idOf = (title: string): string => title.replaceAll(' ', '-')

function Unusual({ children }: { readonly children: ReactNode }) {
  const { faults, touched } = useEditing()
  const [opened, setOpened] = useState<readonly string[]>([])
  // Fields that nobody has asked for yet would be rendered at every letter; what was opened once keeps what is half typed in it.
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const parts = UNUSUAL.map(({ title, paths }) => ({
    title,
    paths,
    count: paths.filter(path => [...faults.keys()].some(pointer => pointer.startsWith(`/${path.join('/')}`))).length,
  }))
  // What keeps a form from being saved stands open.
  const faulty = touched.has('*') ? parts.filter(({ count }) => count > 0).map(({ title }) => idOf(title)) : []
  const open = [...new Set([...opened, ...faulty])]
  const part = (title: string, count: number, content: () => ReactNode) => {
    const id = idOf(title)
    return (
      <Accordion.Item key={id} value={id}>
        <Accordion.Control>
          {title}
          {count > 0 && (
            <Text span size="sm" c="var(--studio-bad)" ml="sm">
              {FORM.faulty(count)}
            </Text>
          )}
        </Accordion.Control>
        <Accordion.Panel>{(seen.has(id) || open.includes(id)) && <Stack gap="md">{content()}</Stack>}</Accordion.Panel>
      </Accordion.Item>
    )
  }
  return (
    <section aria-labelledby="unusual">
      <Title order={2} id="unusual">
        {WORDS.unusual}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {WORDS.unusualHelp}
      </Text>
      <Accordion
        multiple
        variant="contained"
        order={3}
        value={open}
        onChange={now => {
          setOpened(now)
          setSeen(before => new Set([...before, ...now]))
        }}
      >
        {part(WORDS.furtherSecrets, 0, () => children)}
        {parts.map(({ title, paths, count }) =>
          part(title, count, () => paths.map(path => <Field key={path.join('/')} path={path} />)),
        )}
      </Accordion>
    </section>
  )
}

function Field(props: {
  readonly path: Path
  readonly label?: string
  readonly help?: string
  readonly example?: string
  readonly required?: boolean
}) {
  const schema = schemaAt(props.path)
  return schema === undefined ? null : <SchemaField {...props} schema={schema} />
}

function Choose({
  path,
  label,
  choices,
}: {
  readonly path: Path
  readonly label: string
  readonly choices: readonly (readonly [value: string, label: string])[]
}) {
  const field = useField(path)
  return (
    <NativeSelect
      label={label}
      description={schemaAt(path)?.description}
      disabled={field.readOnly}
      value={String(field.value ?? '')}
      data={[{ value: '', label: WORDS.choose }, ...choices.map(([value, text]) => ({ value, label: text }))]}
      onChange={event => field.change(event.currentTarget.value || undefined)}
      error={field.fault}
    />
  )
}
