#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=4
// Plain JavaScript that any Node can read, so that an old one gets a clear word instead of a syntax error.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `behalf: Node 24 or newer is needed, this is ${process.versions.node}. Inside the repository, npx behalf uses the right one.`,
  )
  process.exit(1)
}
// Beside the code, because whoever may write there may change the code anyhow; where nobody may, everything is compiled anew each time.
const { enableCompileCache } = await import('node:module')
const { join } = await import('node:path')
const { status, directory } = enableCompileCache(join(import.meta.dirname, '..', '.compile-cache'))
if (directory !== undefined && status !== 0) process.env['NODE_COMPILE_CACHE'] ??= directory
const { run } = await import('../src/run.ts')
process.exitCode = await run(process.argv.slice(2))
