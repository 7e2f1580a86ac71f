import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const PACKAGE = join(import.meta.dirname, '..', '..', 'packages', 'studio')

/** The folder that the broker serves the studio from. */
export const STUDIO_DIST = join(PACKAGE, 'dist')

/** Builds the studio where it is missing or stale. */
export const buildStudio = (): void => {
  execFileSync(process.execPath, [join(PACKAGE, 'build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] })
}
