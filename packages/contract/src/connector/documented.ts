import type { z } from 'zod'

/** A field as a form shows it: its label, one line of help, and what one might look like. */
export const documented = <Schema extends z.ZodType>(
  schema: Schema,
  title: string,
  description: string,
  ...examples: readonly unknown[]
): Schema =>
  schema.meta({ title, description, ...(examples.length === 0 ? {} : { examples: [...examples] }) }) as Schema
