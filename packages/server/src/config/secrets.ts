import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { BootError } from '../domain/boot-error.ts'
import { type Secret, secret } from '../domain/secret.ts'

/** Root keys as base64 of 32 bytes each, newest first, and what the operator should know about where they came from. */
export type RootKeys = { readonly keys: readonly Secret[]; readonly warning: string | null }

const BYTES = 32
const LEAST_DISTINCT = 12
const OTHERS_MAY_READ = 0o077
const GENERATED = 'root.key'
const WARNING =
  'The root key lies in the data folder: a backup of the folder holds both the lock and the key. Set BEHALF_ROOT_KEY to keep them apart.'

/**
 * Reads `BEHALF_ROOT_KEY`, or the key generated into the data folder. A key is made only where there is nothing to open with it yet
 * (`existingData`). Throws {@link BootError}; no message holds any part of a key.
 */
export function readRootKeys(setting: string | undefined, dataDir: string, existingData: () => boolean): RootKeys {
  if (setting !== undefined)
    return { keys: setting.split(',').map((part, index) => readOne(part.trim(), index + 1)), warning: null }
  const path = join(dataDir, GENERATED)
  if (!existsSync(path)) {
    if (existingData())
      throw new BootError(`There is data in ${dataDir} but no root key: put ${GENERATED} back, or set BEHALF_ROOT_KEY.`)
    generate(path, dataDir)
  }
  return { keys: [readFile(path)], warning: WARNING }
}

function readOne(text: string, place: number): Secret {
  if (text.startsWith('file:')) return readFile(text.slice('file:'.length))
  if (/^[a-z][a-z0-9+.-]*:/.test(text))
    throw new BootError(`BEHALF_ROOT_KEY: entry ${place} names a key service; this version reads base64 and file:PATH`)
  return strong(Buffer.from(text, 'base64'), `BEHALF_ROOT_KEY: entry ${place}`, text)
}

function readFile(path: string): Secret {
  try {
    if ((statSync(path).mode & OTHERS_MAY_READ) !== 0)
      throw new BootError(`The root key file ${path} can be read by others: chmod 600 it`)
    const content = readFileSync(path)
    const text = content.toString('latin1').trim()
    return content.length === BYTES
      ? strong(content, `The root key file ${path}`)
      : strong(Buffer.from(text, 'base64'), `The root key file ${path}`, text)
  } catch (error) {
    if (error instanceof BootError) throw error
    throw new BootError(`The root key file ${path} cannot be read`)
  }
}

/** Refuses what a person typed or copied from an example: the wrong length, and bytes that do not look drawn at random. */
function strong(bytes: Buffer, name: string, base64?: string): Secret {
  if (bytes.length !== BYTES || (base64 !== undefined && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64))) {
    throw new BootError(`${name} must be base64 of ${BYTES} bytes (openssl rand -base64 32)`)
  }
  const distinct = new Set(bytes).size
  const steps = new Set(bytes.subarray(1).map((byte, index) => (byte - (bytes[index] ?? 0)) & 0xff)).size
  const halves = bytes.subarray(0, BYTES / 2).equals(bytes.subarray(BYTES / 2))
  const typed = bytes.every(byte => byte >= 0x20 && byte < 0x7f)
  if (distinct < LEAST_DISTINCT || steps < LEAST_DISTINCT || halves || typed) {
    throw new BootError(`${name} is weak: draw one with openssl rand -base64 32`)
  }
  return secret(bytes.toString('base64'))
}

// Written whole and then linked into place: of two processes starting at once one makes the key and the other reads it.
function generate(path: string, dataDir: string): void {
  const temporary = `${path}.${process.pid}`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    writeSync(file, `${randomBytes(BYTES).toString('base64')}\n`)
    fsyncSync(file)
    closeSync(file)
    linkSync(temporary, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw new BootError(`The data folder ${dataDir} cannot be written`)
  } finally {
    rmSync(temporary, { force: true })
  }
}
