/** What follows `Basic`, as it is given (RFC 7617 2). */
export const rawBasicCredentials = (user: string, password: string): string =>
  Buffer.from(`${user}:${password}`, 'utf8').toString('base64')

/** The same as RFC 6749 2.3.1 has it: each form-encoded first. */
export const basicCredentials = (user: string, password: string): string =>
  rawBasicCredentials(formEncoded(user), formEncoded(password))

// Leaves `-`, `.`, `_` and `*` alone: oauth4webapi encodes them too, which servers that decode nothing do not understand.
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
