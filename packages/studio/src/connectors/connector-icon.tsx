import type { Connector } from '@behalf/sdk'
import { behalf } from '../api/client.ts'
import { PictureUpload } from '../parts/picture-upload.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.icon

/** The picture that people see on the connector's card. */
export function ConnectorIcon({ connector: { name } }: { readonly connector: Connector }) {
  return (
    <PictureUpload
      title={WORDS.title}
      help={WORDS.help}
      shown={undefined}
      put={body => behalf.putConnectorIcon({ name, body })}
      remove={() => behalf.deleteConnectorIcon({ name })}
    />
  )
}
