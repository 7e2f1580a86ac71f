import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const LOCK = '/var/lock/behalf-tests-apt'

/** A program of the system, installed from Debian's package where it is missing and we are root. Throws with what was tried. */
export function provideProgram(path: string, debianPackage: string): string {
  if (existsSync(path)) return path
  const why = install(debianPackage)
  if (existsSync(path)) return path
  throw new Error(`This test needs ${path} (Debian package ${debianPackage}), and it could not be had: ${why}`)
}

function install(debianPackage: string): string {
  if (process.getuid?.() !== 0) return 'not root, so nothing was installed'
  if (!existsSync('/usr/bin/apt-get')) return 'no apt-get here'
  try {
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', debianPackage)
    return 'installed, but the file is not there'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : 'failed'
  }
}

// Test files run beside each other, and apt-get waits for no other one.
function apt(...told: readonly string[]): void {
  execFileSync('flock', [LOCK, 'apt-get', ...told], {
    stdio: 'pipe',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
