import { execFile } from 'node:child_process'
import { join } from 'node:path'

const launcher = join(import.meta.dirname, '..', '..', '..', '..', 'cli', 'bin', 'behalf.js')

/** Runs `behalf` as an operator does, in a process of its own; what it printed. Rejects with what it complained of. */
export function behalf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [launcher, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, out, said) => (error === null ? resolve(out) : reject(new Error(`ended with ${error.code}: ${said}`))),
    )
  })
}
