import { createClient, isProblem } from '@behalf/sdk'
import { playground } from './playground.ts'

// An update names the version it read. Where somebody else changed the connector meanwhile, it is read again and the change is made on top.
const behalf = createClient({ url: playground.url, apiKey: playground.api_key })
const name = playground.connector

for (let done = false; !done; ) {
  const { version } = await behalf.readConnector({ name })
  const display_description = `Lets assistants look up your contacts. Checked on ${new Date().toISOString().slice(0, 10)}.`
  try {
    const changed = await behalf.updateConnector({ name, version, body: { display_description } })
    console.log(`${name} is at version ${changed.version}: ${changed.display_description}`)
    done = true
  } catch (error) {
    if (!isProblem(error, 'version_conflict')) throw error
  }
}
