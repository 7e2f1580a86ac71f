import type { Connector } from '@behalf/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useMe } from '../api/me.ts'
import { keyOf } from '../api/queries.ts'
import { StoredForm } from '../form/stored-form.tsx'
import { useStoredEdit } from '../form/use-stored-edit.ts'
import { CONNECTORS } from '../text/connectors.ts'
import { ConnectorForm } from './connector-form.tsx'
import { checkDefinition, definitionOf } from './definition.ts'
import { useDoctorNotes } from './doctor.tsx'
import { RequestPreview } from './request-preview.tsx'
import { CLIENT_SECRET, keptNotes, type Secrets, typedCount, withSecrets } from './secrets.tsx'

/** Edits a connector's definition, with what will be sent and what the doctor found beside it. */
export function EditConnector({ connector }: { readonly connector: Connector }) {
  const { name } = connector
  const { can, organization } = useMe()
  const client = useQueryClient()
  const [secrets, setSecrets] = useState<Secrets>({})
  const edit = useStoredEdit({
    stored: connector,
    draftOf: definitionOf,
    checkDraft: checkDefinition,
    notes: useDoctorNotes(name),
    readOnly: !can('connector.edit'),
    beside: {
      count: typedCount(secrets),
      join: patch => withSecrets(patch, secrets),
      drop: () => setSecrets({}),
    },
    update: (version, body) => behalf.updateConnector({ name, version, body }),
    read: () => behalf.readConnector({ name }),
    onStored: now => {
      client.setQueryData(keyOf('readConnector', { name }), now)
      void client.invalidateQueries({ queryKey: ['listConnectors'] })
    },
    saved: now => CONNECTORS.saved(now.display_name),
  })
  const { from } = edit
  return (
    <StoredForm edit={edit}>
      <div className="form-grid">
        <ConnectorForm
          isNew={false}
          organizationUrl={organization.url}
          secrets={secrets}
          onSecrets={setSecrets}
          kept={keptNotes(from)}
          onReplace={edit.setDraft}
        />
        <aside>
          <RequestPreview
            secret={Boolean(secrets[CLIENT_SECRET]) || from.auth.client_secret.set}
            onFaults={edit.setJudged}
          />
        </aside>
      </div>
    </StoredForm>
  )
}
