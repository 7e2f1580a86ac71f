/** A value that has no printable form: string conversion, JSON and inspection all give `[secret]`. */
export type Secret = { readonly [brand]: true }

declare const brand: unique symbol

const PRINTED = '[secret]'
const values = new WeakMap<object, string>()

const prototype = Object.freeze(
  Object.create(null, {
    toString: { value: () => PRINTED },
    toJSON: { value: () => PRINTED },
    [Symbol.toPrimitive]: { value: () => PRINTED },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => PRINTED },
  }),
)

/** Wraps a plaintext so that nothing but {@link reveal} can give it back. */
export function secret(plaintext: string): Secret {
  const wrapped = Object.freeze(Object.create(prototype)) as Secret
  values.set(wrapped, plaintext)
  return wrapped
}

/** Returns the plaintext. SECURITY: every call is a place where a secret may leave; keep them few and greppable. */
export function reveal(wrapped: Secret): string {
  const plaintext = values.get(wrapped)
  if (plaintext === undefined) throw new TypeError('not a secret')
  return plaintext
}
