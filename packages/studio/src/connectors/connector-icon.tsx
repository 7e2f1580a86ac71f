import type { Connector } from '@behalf/sdk'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { PictureUpload } from '../parts/picture-upload.tsx'
import { CONNECTORS } from '../text/connectors.ts'

const WORDS = CONNECTORS.icon

/** The picture that people see on the connector's card. */
export function ConnectorIcon({ connector: { name } }: { readonly connector: Connector }) {
  const [edition, setEdition] = useState(0)
  // Whether there is one is told by the picture alone.
  const [absent, setAbsent] = useState(false)
  const changed = () => {
    setAbsent(false)
    setEdition(edition + 1)
  }
  return (
    <PictureUpload
      title={WORDS.title}
      help={WORDS.help}
      shown={absent ? null : `/connectors/${name}/icon?edition=${edition}`}
      onAbsent={() => setAbsent(true)}
      put={body => behalf.putConnectorIcon({ name, body }).then(changed)}
      remove={() => behalf.deleteConnectorIcon({ name }).then(changed)}
    />
  )
}
