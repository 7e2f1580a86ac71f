import { type ProviderOptions, startProvider } from './provider.ts'
import { type SsoOptions, startSso } from './sso.ts'

/** What the parent process sends first. */
export type PlaygroundOptions = { readonly sso: SsoOptions; readonly provider: ProviderOptions }
/** What it sends once the broker has a webhook. */
export type PlaygroundWebhook = { readonly webhookSecret: string }
export type PlaygroundReady =
  | { readonly ready: true; readonly ssoUrl: string; readonly providerUrl: string; readonly apiUrl: string }
  | { readonly ready: false; readonly reason: string }

process.once('message', (options: PlaygroundOptions) => void run(options))
// The parent decides when to stop: a Ctrl-C reaches the whole group, and the broker may still be revoking.
process.on('SIGINT', () => undefined)

async function run({ sso, provider }: PlaygroundOptions): Promise<void> {
  // oidc-provider tells on the console what it is not told; the playground's parent says what there is to say.
  console.warn = console.info = () => undefined
  try {
    const [runningSso, runningProvider] = await Promise.all([startSso(sso), startProvider(provider)])
    tell({ ready: true, ssoUrl: runningSso.url, providerUrl: runningProvider.url, apiUrl: runningProvider.apiUrl })
    process.on('message', ({ webhookSecret }: PlaygroundWebhook) => runningSso.trustWebhooks(webhookSecret))
    const stop = async () => {
      await Promise.all([runningSso[Symbol.asyncDispose](), runningProvider[Symbol.asyncDispose]()])
      process.exit(0)
    }
    process.once('SIGTERM', () => void stop())
    process.once('disconnect', () => void stop())
  } catch (error) {
    const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
    tell({ ready: false, reason: busy ? `port ${String(error.port)} is in use` : 'the playground could not start' })
    process.exit(1)
  }
}

const tell = (ready: PlaygroundReady): void => void process.send?.(ready)
