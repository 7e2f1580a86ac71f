import { writeSync } from 'node:fs'
import { told } from '@behalf/server/main'

const INTERNAL = 70

/** Tells a fault of our own on standard error, in one line; the exit code. */
// SECURITY: never its message, properties or cause, which Node would print: they can quote a password in a URL, a header, a provider's answer.
export function tellFault(error: unknown): number {
  const said = Object.entries(told(error)).filter(([, value]) => value !== undefined)
  writeSync(2, `behalf: ended by a fault: ${said.map(([name, value]) => `${name}: ${String(value)}`).join(', ')}\n`)
  return INTERNAL
}

/** Ends the process at whatever nobody caught, and keeps the environment, where root keys may be, out of Node's reports. */
export function guardFaults(): void {
  if (process.report !== undefined) process.report.excludeEnv = true
  process.on('uncaughtException', error => process.exit(tellFault(error)))
}
