/** Sends JSON to a REST path with POST, as an admin; what it answered. Throws where it is refused. */
export type Post = (path: string, body: unknown) => Promise<Readonly<Record<string, unknown>>>

/**
 * Makes a connector and a plugin, published and launched to everyone, as an admin does over REST; the plugin's key. What a test or a
 * measurement needs of the plugin besides its connector is in `plugin`.
 */
export async function launchedOverRest(
  post: Post,
  connector: Readonly<Record<string, unknown>> & { readonly name: string },
  plugin: Readonly<Record<string, unknown>> & { readonly name: string },
  reason: string,
): Promise<string> {
  await post('/connectors', { approve: true, ...connector })
  await post('/plugins', { connectors: [{ connector: connector.name, scope: ['read'] }], ...plugin })
  await post(`/plugins/${plugin.name}/versions`, {})
  await post(`/plugins/${plugin.name}/launches`, { launch_audience: { kind: 'everyone' }, reason })
  return String((await post(`/plugins/${plugin.name}/keys`, { label: plugin.name }))['key'])
}
