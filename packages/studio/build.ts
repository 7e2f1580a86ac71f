import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = import.meta.dirname
const dist = join(root, 'dist')
const fresh = join(root, 'dist.new')
const lock = join(root, 'dist.lock')
const WAIT_MS = 200
const ABANDONED_MS = 120_000

// Builds the studio unless what is in dist was made of these very sources. Several starts at once make one build.
const hash = hashOfSources()
while (!isBuilt()) {
  if (takeLock()) {
    try {
      if (!isBuilt()) await build()
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  } else await delay(WAIT_MS)
}

function hashOfSources(): string {
  const sum = createHash('sha256')
  const own = globSync(['src/**/*', 'index.html', 'vite.config.ts', 'build.ts', 'package.json'], { cwd: root })
  const sdk = globSync('../sdk/src/**/*.ts', { cwd: root })
  for (const file of [...own, ...sdk].sort())
    if (statSync(join(root, file)).isFile()) sum.update(`${file}\0`).update(readFileSync(join(root, file)))
  return sum.digest('hex')
}

function isBuilt(): boolean {
  try {
    return JSON.parse(readFileSync(join(dist, 'studio.json'), 'utf8')).sources === hash
  } catch {
    return false
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const since = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0
    if (since > ABANDONED_MS) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

async function build(): Promise<void> {
  const vite = await import('vite')
  rmSync(fresh, { recursive: true, force: true })
  await vite.build({ root, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
  for (const file of globSync('assets/*.{js,css}', { cwd: fresh })) {
    const bytes = readFileSync(join(fresh, file))
    writeFileSync(join(fresh, `${file}.gz`), gzipSync(bytes, { level: 9 }))
    writeFileSync(
      join(fresh, `${file}.br`),
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    )
  }
  writeFileSync(join(fresh, 'studio.json'), JSON.stringify({ sources: hash }))
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
}
