import { createPlugin, TokenExchangeError } from '@behalf/sdk'
import { playground } from './playground.ts'

// Token exchange (RFC 8693): who the person is against a token for one connector that lives for minutes, to hand to a worker that should not hold the key.
const { url, plugin_key: pluginKey, connector, people } = playground
const una = createPlugin({ url, pluginKey }).onBehalfOf({ subject: people[0]?.email ?? '' })

try {
  const { accessToken, expiresIn } = await una.exchangeToken(connector)
  console.log(`A Behalf token for ${connector}, good for ${expiresIn} s, ${accessToken.length} characters`)
} catch (error) {
  if (!(error instanceof TokenExchangeError)) throw error
  console.log(
    `Refused with ${error.error}: ${error.message}${error.connectUrl ? ` Connect at ${error.connectUrl}` : ''}`,
  )
}
