import { createClient } from '@behalf/sdk'
import { playground } from './playground.ts'

// Lists are read page by page while they are iterated; `limit` is the size of a page, not of the list.
const behalf = createClient({ url: playground.url, apiKey: playground.api_key })
for await (const person of behalf.listPeople({ limit: 2 })) {
  const connections: string[] = []
  for await (const { connector, status } of behalf.listConnections({ subject: person.id }))
    connections.push(`${connector} (${status})`)
  console.log(`${person.email}: ${connections.join(', ') || 'nothing connected'}`)
}
