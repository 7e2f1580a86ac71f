import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of a few megabytes that a test can fill. */
export type SmallDisk = Disposable & {
  readonly path: string
  /** Leaves nothing free. */
  fill(): void
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
    fill() {
      const file = openSync(ballast, 'a')
      try {
        for (const size of [65_536, 4_096]) {
          const block = Buffer.alloc(size)
          while (hasRoom(() => writeSync(file, block)));
        }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path], { stdio: 'pipe' })
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function hasRoom(write: () => unknown): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}
