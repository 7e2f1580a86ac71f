import { readFileSync } from 'node:fs'

/** What `npm start` left in the data folder: where the broker is, and keys to try it with. */
export const playground = JSON.parse(
  readFileSync(process.env['BEHALF_PLAYGROUND'] ?? './data/playground.json', 'utf8'),
) as {
  readonly url: string
  readonly api_key: string
  readonly plugin_key: string
  readonly connector: string
  readonly plugin: string
  readonly people: readonly { readonly email: string }[]
}
