import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of a few megabytes that a test can fill. */
export type SmallDisk = Disposable & {
  readonly path: string
  /** Leaves so many bytes free. */
  fill(leaveBytes?: number): void
  /** Gives back what `fill` took. */
  free(): void
}

/** Mounts a tmpfs. Throws where this user may not mount: a full disk cannot be played otherwise. */
export function mountSmallDisk(bytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'behalf-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmSync(path, { recursive: true })
    throw new Error(`A small disk needs the right to mount (root): ${error instanceof Error ? error.message : error}`)
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    fill(leaveBytes = 0) {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)))
    },
    free: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path], { stdio: 'pipe' })
      rmSync(path, { recursive: true, force: true })
    },
  }
}
