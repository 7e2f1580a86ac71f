import { existsSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'

// Offsets of SQLite's file format (sqlite.org/walformat.html).
const WAL_HEADER = 32
const FRAME_HEADER = 24
const SHM_HEADER = 100
const MAGIC_LITTLE = 0x377f0682
const MAGIC_BIG = 0x377f0683

type Index = { readonly frames: number; readonly copied: number; readonly pageBytes: number; readonly salt: Buffer }

/**
 * Whether the write-ahead log holds every frame that the shared-memory file says was committed and not yet copied into the database, unaltered.
 * True where there is no such file: then nothing is known that could be missing.
 */
export function isWalWhole(path: string): boolean {
  const index = readIndex(`${path}-shm`)
  if (index === undefined || index.frames <= index.copied) return true
  if (!existsSync(`${path}-wal`)) return false
  return holdsFrames(readFileSync(`${path}-wal`), index)
}

function readIndex(path: string): Index | undefined {
  if (!existsSync(path)) return undefined
  const shm = readFileSync(path)
  // Two copies that differ: a writer was at it, and SQLite makes the index anew.
  if (shm.length < SHM_HEADER || shm[12] !== 1 || !shm.subarray(0, 48).equals(shm.subarray(48, 96))) return undefined
  const [u32, u16] =
    endianness() === 'LE'
      ? [(at: number) => shm.readUInt32LE(at), (at: number) => shm.readUInt16LE(at)]
      : [(at: number) => shm.readUInt32BE(at), (at: number) => shm.readUInt16BE(at)]
  const size = u16(14)
  return { frames: u32(16), copied: u32(96), pageBytes: size === 1 ? 65_536 : size, salt: shm.subarray(32, 40) }
}

function holdsFrames(wal: Buffer, { frames, pageBytes, salt }: Index): boolean {
  const frameBytes = FRAME_HEADER + pageBytes
  if (wal.length < WAL_HEADER + frames * frameBytes || !wal.subarray(16, 24).equals(salt)) return false
  const magic = wal.readUInt32BE(0)
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return false
  const sum = createSum(wal, magic === MAGIC_BIG)
  sum.add(0, 24)
  if (!sum.isAt(24)) return false
  for (let frame = 0; frame < frames; frame += 1) {
    const at = WAL_HEADER + frame * frameBytes
    if (!wal.subarray(at + 8, at + 16).equals(salt)) return false
    sum.add(at, 8)
    sum.add(at + FRAME_HEADER, pageBytes)
    if (!sum.isAt(at + 16)) return false
  }
  return true
}

/** The running checksum of a log: over its header, then over the head and page of each frame. */
function createSum(wal: Buffer, isBig: boolean) {
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength)
  let [first, second] = [0, 0]
  return {
    add(from: number, bytes: number): void {
      for (let at = from; at < from + bytes; at += 8) {
        first = (first + view.getUint32(at, !isBig) + second) >>> 0
        second = (second + view.getUint32(at + 4, !isBig) + first) >>> 0
      }
    },
    isAt: (at: number): boolean => view.getUint32(at) === first && view.getUint32(at + 4) === second,
  }
}
