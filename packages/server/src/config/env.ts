import { z } from 'zod'
import { BootError } from '../domain/boot-error.ts'

/** The environment by name (design: the face to the world); nothing else reads it. */
const environment = z.object({
  BEHALF_URL: z.string().default('http://localhost:4000'),
  BEHALF_LISTEN: z.string().default('127.0.0.1:4000'),
  BEHALF_DATA: z.string().default('./data'),
  DATABASE_URL: z.string().optional(),
  BEHALF_ROOT_KEY: z.string().optional(),
  BEHALF_OUTBOUND_ALLOW: z.string().default(''),
  BEHALF_TRUSTED_PROXIES: z.string().default(''),
  BEHALF_METRICS_LISTEN: z.string().default('127.0.0.1:4001'),
  BEHALF_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  HTTPS_PROXY: z.string().optional(),
})

export type Environment = z.infer<typeof environment>

/** Reads `process.env`; an empty value counts as unset. Throws {@link BootError} naming the variable. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const read = environment.safeParse(set)
  if (read.success) return read.data
  throw new BootError(
    `${read.error.issues[0]?.path.join('.') ?? 'The environment'}: ${read.error.issues[0]?.message ?? 'is not valid'}`,
  )
}
