import { Autocomplete, Checkbox, Fieldset, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { wholeList } from '../api/queries.ts'
import { useEditing, useField } from '../form/editing.tsx'
import { Items } from '../form/items.tsx'
import type { JsonObject, Path } from '../form/json.ts'
import { JsonEditor } from '../form/json-editor.tsx'
import { SchemaField } from '../form/schema-field.tsx'
import { FORM } from '../text/form.ts'
import { PLUGINS } from '../text/plugins.ts'
import { schemaAt } from './manifest.ts'

const WORDS = PLUGINS.manifest
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The manifest as a form beside the same manifest as JSON. */
export function ManifestForm({
  isNew,
  onReplace,
}: {
  readonly isNew: boolean
  readonly onReplace: (manifest: JsonObject) => void
}) {
  const { draft, readOnly } = useEditing()
  const [view, setView] = useState<'form' | 'json'>('form')
  return (
    <Stack gap="lg" maw="52rem">
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
        <JsonEditor value={draft} onChange={onReplace} readOnly={readOnly} />
      ) : (
        <>
          <Basics isNew={isNew} />
          <Connectors />
          <Actions />
        </>
      )}
    </Stack>
  )
}

type FieldProps = {
  readonly path: Path
  readonly label: string
  readonly help?: string
  readonly example?: string
  readonly required?: boolean
}
const Field = (props: FieldProps) => <SchemaField {...props} schema={schemaAt(props.path)} />

function Basics({ isNew }: { readonly isNew: boolean }) {
  return (
    <Fieldset legend={WORDS.basics}>
      <Stack gap="md">
        {isNew && (
          <Field path={['name']} label={WORDS.name} help={WORDS.nameHelp} example={WORDS.nameExample} required />
        )}
        <Field
          path={['display_name']}
          label={WORDS.displayName}
          help={WORDS.displayNameHelp}
          example={WORDS.displayNameExample}
        />
        <Field
          path={['description']}
          label={WORDS.description}
          help={WORDS.descriptionHelp}
          example={WORDS.descriptionExample}
        />
      </Stack>
    </Fieldset>
  )
}

function Connectors() {
  return (
    <Fieldset legend={WORDS.connectors}>
      <Items
        path={['connectors']}
        empty={WORDS.connectorsEmpty}
        add={WORDS.addConnector}
        remove={WORDS.removeConnector}
        titleOf={item => String(item['connector'] || WORDS.newConnector)}
        fresh={() => ({ connector: '', scope: [] })}
      >
        {path => (
          <>
            <ConnectorName path={[...path, 'connector']} />
            <Field path={[...path, 'scope']} label={WORDS.scope} help={WORDS.scopeHelp} />
            <Methods path={[...path, 'methods']} />
            <Field
              path={[...path, 'path_prefixes']}
              label={WORDS.prefixes}
              help={WORDS.prefixesHelp}
              example={WORDS.prefixesExample}
            />
          </>
        )}
      </Items>
    </Fieldset>
  )
}

function ConnectorName({ path }: { readonly path: Path }) {
  const field = useField(path)
  const { data } = useQuery(wholeList('listConnectors', {}))
  return (
    <Autocomplete
      label={WORDS.connector}
      description={WORDS.connectorHelp}
      required
      readOnly={field.readOnly}
      error={field.fault}
      value={String(field.value ?? '')}
      data={(data ?? []).map(({ name }) => name)}
      onChange={value => field.change(value)}
      onBlur={field.touch}
      data-pointer={path.join('/')}
    />
  )
}

function Methods({ path }: { readonly path: Path }) {
  const field = useField(path)
  const chosen = Array.isArray(field.value) ? field.value.map(String) : METHODS
  return (
    <Checkbox.Group
      label={WORDS.methods}
      description={WORDS.methodsHelp}
      error={field.fault}
      value={chosen}
      onChange={next => field.change(METHODS.filter(method => next.includes(method)))}
    >
      <Group gap="md" mt="xs">
        {METHODS.map(method => (
          <Checkbox key={method} value={method} label={method} disabled={field.readOnly} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}

function Actions() {
  return (
    <Fieldset legend={WORDS.actions}>
      <Text size="sm" c="dimmed" mb="md">
        {WORDS.actionsHelp}
      </Text>
      <Items
        path={['actions']}
        empty={WORDS.actionsEmpty}
        add={WORDS.addAction}
        remove={WORDS.removeAction}
        titleOf={item => String(item['name'] || WORDS.newAction)}
        fresh={() => ({ name: '', description: '', connector: '', method: 'GET', path: '/' })}
      >
        {path => (
          <>
            <Field path={[...path, 'name']} label={WORDS.name} required />
            <Field path={[...path, 'description']} label={WORDS.description} help={WORDS.actionDescription} required />
            <ConnectorName path={[...path, 'connector']} />
            <Field path={[...path, 'method']} label={WORDS.method} required />
            <Field
              path={[...path, 'path']}
              label={WORDS.path}
              help={WORDS.pathHelp}
              example={WORDS.pathExample}
              required
            />
            <Field path={[...path, 'query']} label={WORDS.query} />
            <Field path={[...path, 'headers']} label={WORDS.headers} />
            <Field path={[...path, 'body']} label={WORDS.body} help={WORDS.bodyHelp} />
            <Field path={[...path, 'input']} label={WORDS.input} help={WORDS.inputHelp} example={WORDS.inputExample} />
            <Field path={[...path, 'output']} label={WORDS.output} help={WORDS.outputHelp} />
            <Field path={[...path, 'read_only']} label={WORDS.readOnly} />
            <Field path={[...path, 'destructive']} label={WORDS.destructive} />
          </>
        )}
      </Items>
    </Fieldset>
  )
}
