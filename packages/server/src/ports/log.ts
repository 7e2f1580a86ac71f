/** Operator log: an event name and plain fields. The writer maps fields by an allow-list; secrets have no printable form. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>
export type Log = {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  /** `error` is reduced to its class, code and stack; messages of causes are kept, values never. */
  error(event: string, error: unknown, fields?: LogFields): void
}
