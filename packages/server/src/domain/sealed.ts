/** Bytes that only the vault can open: format, key id, nonce, ciphertext (design: at rest). */
export type Sealed = Uint8Array & { readonly [sealed]: true }

declare const sealed: unique symbol

/** Marks bytes read from a row as sealed; the vault judges them when it opens them. */
export const asSealed = (bytes: Uint8Array): Sealed => bytes as Sealed
