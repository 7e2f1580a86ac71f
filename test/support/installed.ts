import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

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
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe' })
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], {
      stdio: 'pipe',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return 'installed, but the file is not there'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : 'failed'
  }
}
