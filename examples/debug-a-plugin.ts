import { createClient, createPlugin, isProblem } from '@behalf/sdk'
import { playground } from './playground.ts'

// A plugin that is launched to more than ten people logs metadata alone. To find a fault, it is launched to few, and then to all again.
const { url, plugin: name, plugin_key: pluginKey, people } = playground
const behalf = createClient({ url, apiKey: playground.api_key })
const subject = people[0]?.email ?? ''
const everyone = { kind: 'everyone' } as const

for await (const launch of behalf.listLaunches({ name }))
  if (launch.live)
    console.log(`${name} is live for everyone: ${launch.effective_redaction}, forced (${launch.why_strict})`)

await behalf.unlaunchPlugin({ name, reason: 'an error to look into' })
const few = await behalf.launchPlugin({
  name,
  body: { launch_audience: { kind: 'people', people: [subject] }, reason: 'to reproduce it' },
})
console.log(`${name} is live for ${subject}: ${few.effective_redaction}`)

const ran = createPlugin({ url, pluginKey }).onBehalfOf({ subject }).run(name, 'list-contacts')
await ran.catch(error => {
  if (!isProblem(error)) throw error
})
for await (const entry of behalf.listCallLogs({ plugin: name, limit: 1 })) {
  console.log(`${entry.action} ${entry.code ?? entry.status} under ${entry.redaction}`, entry.content ?? '')
  break
}

await behalf.unlaunchPlugin({ name, reason: 'found and fixed' })
const all = await behalf.launchPlugin({ name, body: { launch_audience: everyone, reason: 'with the fix' } })
console.log(`${name} is live for everyone again: ${all.effective_redaction}`)
