import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { LeaseClock } from '../engine.ts'

/** Time since boot, suspended time included, which every process on this machine reads alike; a reboot starts a new era. */
export function createLeaseClock(): LeaseClock {
  const era = bootId()
  return async () => ({ era, nowMs: Math.round(uptime() * 1000) })
}

/** Changes with every start of the machine. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    // Elsewhere the boot instant, rounded so that two processes agree on it.
    return `boot-${Math.round((Date.now() / 1000 - uptime()) / 60)}`
  }
}
