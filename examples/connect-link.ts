import { createClient } from '@behalf/sdk'
import { playground } from './playground.ts'

// A link that lets one person connect one system: it signs that person in and refuses everybody else.
const behalf = createClient({ url: playground.url, apiKey: playground.api_key })
const wanted = playground.people[0]?.email
for await (const person of behalf.listPeople()) {
  if (person.email !== wanted) continue
  const link = await behalf.createConnectLink({
    body: { subject: person.id, connector: playground.connector, expires_in: 3600, return_to: '/connections' },
  })
  console.log(`Send ${person.email} this link, good until ${link.expires_at}: ${link.url}`)
}
