import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

/** The same engine without windows comes first: a journey costs it a little more than half. */
const PACKAGES = {
  // Itself: the script of that name in `/usr/bin` stays between a browser and who ends it.
  'chromium-headless-shell': '/usr/lib/chromium/chromium-headless-shell',
  chromium: '/usr/bin/chromium',
} as const
const INSTALLED = [
  ...Object.values(PACKAGES),
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
]
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium: an installed one, else one of Debian's packages when root, else Playwright's download. Throws with what was tried. */
export function provideChromium(): string {
  const known = [process.env['CHROMIUM'], ...INSTALLED].find(path => path !== undefined && existsSync(path))
  if (known !== undefined) return known
  const tried: string[] = []
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    for (const [name, path] of Object.entries(PACKAGES)) {
      const installed = attempt(tried, () => {
        execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe' })
        execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { stdio: 'pipe' })
        return path
      })
      if (installed !== undefined) return installed
    }
  }
  const downloaded = attempt(tried, () => {
    const cli = join(import.meta.dirname, '..', '..', 'node_modules', 'playwright-core', 'cli.js')
    execFileSync(process.execPath, [cli, 'install', 'chromium-headless-shell'], { stdio: 'pipe' })
    return chromium.executablePath()
  })
  if (downloaded !== undefined) return downloaded
  throw new Error(`The browser tests need a Chromium, and none could be had:\n${tried.join('\n')}`)
}

function attempt(tried: string[], provide: () => string): string | undefined {
  try {
    const path = provide()
    if (existsSync(path)) return path
    tried.push(`${path} is not there`)
  } catch (error) {
    tried.push(error instanceof Error ? error.message.slice(0, 500) : 'failed')
  }
  return undefined
}

export const launchChromium = () =>
  chromium.launch({
    executablePath: provideChromium(),
    args: [...ARGS, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
