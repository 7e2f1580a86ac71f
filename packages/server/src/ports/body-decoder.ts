/** Undoes the compression of the beginning of a body; undefined where that cannot be done within `mostBytes`. */
export type BodyDecoder = {
  decode(bytes: Uint8Array, contentEncoding: string, mostBytes: number): Uint8Array | undefined
}
