import { createPlugin, isProblem } from '@behalf/sdk'
import { playground } from './playground.ts'

// A plugin calls a system in a person's name. It holds no token: Behalf keeps it, refreshes it and puts it in.
const { url, plugin_key: pluginKey, connector, people } = playground
const subject = people[0]?.email ?? ''

try {
  const answer = await createPlugin({ url, pluginKey }).onBehalfOf({ subject }).fetch(connector, '/me')
  console.log(`${connector} answered ${answer.status}:`, await answer.json())
} catch (error) {
  if (!isProblem(error, 'connection_required', 'reconnect_required')) throw error
  console.log(`${subject} has to connect ${connector} first: ${error.connectUrl}`)
}
