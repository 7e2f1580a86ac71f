#!/usr/bin/env -S node --max-semi-space-size=4
// Plain JavaScript that any Node can read, so that an old one gets a clear word instead of a syntax error.
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `behalf: Node 24 or newer is needed, this is ${process.versions.node}. Inside the repository, npx behalf uses the right one.`,
  )
  process.exit(1)
}
const { run } = await import('../src/run.ts')
process.exitCode = await run(process.argv.slice(2))
