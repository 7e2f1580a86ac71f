import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type StudioFile = { readonly bytes: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> }

const FOLDER = fileURLToPath(new URL('../../../../studio/dist/', import.meta.url))
const NAME = /^[\w-]+(?:\.[\w-]+)*\.(js|css|svg|png|woff2)$/
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
}
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const

/** The studio's page with `nonce` in its places; undefined while it is not built. */
export function readStudioPage(nonce: string): string | undefined {
  const text = read('index.html')
  return text === undefined ? undefined : Buffer.from(text).toString('utf8').replaceAll('{{nonce}}', nonce)
}

/** One built asset in the smallest form that is accepted; undefined where there is none. Its name changes with its content. */
export function readStudioAsset(name: string, acceptEncoding: string): StudioFile | undefined {
  const ending = NAME.exec(name)?.[1]
  if (ending === undefined) return undefined
  const accepted = new Set(acceptEncoding.split(',').map(part => part.split(';')[0]?.trim().toLowerCase()))
  const headers = {
    'content-type': TYPES[ending] ?? '',
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'accept-encoding',
  }
  for (const encoding of ENCODINGS) {
    const bytes = accepted.has(encoding.name) ? read(`assets/${name}${encoding.ending}`) : undefined
    if (bytes !== undefined) return { bytes, headers: { ...headers, 'content-encoding': encoding.name } }
  }
  const bytes = read(`assets/${name}`)
  return bytes === undefined ? undefined : { bytes, headers }
}

// Kept as long as the file stays the same: a build replaces the folder while the broker runs.
const kept = new Map<string, { readonly changed: number; readonly bytes: Uint8Array<ArrayBuffer> }>()

function read(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const changed = statSync(FOLDER + path).mtimeMs
    const known = kept.get(path)
    if (known?.changed === changed) return known.bytes
    const bytes = new Uint8Array(readFileSync(FOLDER + path))
    kept.set(path, { changed, bytes })
    return bytes
  } catch {
    kept.delete(path)
    return undefined
  }
}
