/** A value that has no printable form: string conversion, JSON and inspection all give `[secret]`. */
export type Secret = { readonly [brand]: true }

declare const brand: unique symbol

const PRINTED = '[secret]'

// A class, because nothing but its own code can reach a private field, and it costs collection nothing (a WeakMap's entries do, on every call).
class Wrapped {
  readonly #plaintext: string

  constructor(plaintext: string) {
    this.#plaintext = plaintext
    Object.freeze(this)
  }

  static reveal(wrapped: object): string {
    if (!(#plaintext in wrapped)) throw new TypeError('not a secret')
    return wrapped.#plaintext
  }

  toString(): string {
    return PRINTED
  }

  toJSON(): string {
    return PRINTED
  }

  [Symbol.toPrimitive](): string {
    return PRINTED
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PRINTED
  }
}
Object.freeze(Wrapped.prototype)

/** Wraps a plaintext so that nothing but {@link reveal} can give it back. */
export const secret = (plaintext: string): Secret => new Wrapped(plaintext) as unknown as Secret

/** Returns the plaintext. SECURITY: every call is a place where a secret may leave; keep them few and greppable. */
export const reveal = (wrapped: Secret): string => Wrapped.reveal(wrapped)
