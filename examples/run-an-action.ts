import { createPlugin, isProblem } from '@behalf/sdk'
import { playground } from './playground.ts'

// A run checks everything the plugin needs before it calls anything. Where something is missing it leads to one link, and can wait for the person.
const { url, plugin, plugin_key: pluginKey, people } = playground
const subject = people[0]?.email ?? ''
const una = createPlugin({ url, pluginKey }).onBehalfOf({ subject })
const waitSeconds = Number(process.env['WAIT_SECONDS'] ?? 0)

try {
  await una.run(plugin, 'list-contacts')
} catch (error) {
  if (!isProblem(error, 'connection_required', 'reconnect_required', 'scope_insufficient')) throw error
  console.log(`${subject} has to connect Orbit CRM first: ${error.connectUrl}`)
}
if (waitSeconds > 0) {
  const { output, waited } = await una.run(plugin, 'list-contacts', {}, { waitSeconds })
  console.log(waited ? 'It went on by itself:' : 'Nothing was missing:', output)
}
