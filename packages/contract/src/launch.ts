import { z } from 'zod'

/** How much of a call is kept, loosest first: bodies and headers, bodies with personal data masked, metadata alone. Secrets go under each. */
export const redactionPolicy = z.enum(['permissive', 'standard', 'strict'])
export type RedactionPolicy = z.infer<typeof redactionPolicy>
