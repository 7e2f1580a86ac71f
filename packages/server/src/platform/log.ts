import { pino } from 'pino'
import { BrokerError } from '../domain/broker-error.ts'
import type { Log, LogFields } from '../ports/log.ts'

/** Fields that may be written; anything else is dropped, so that a careless caller leaks nothing. */
const ALLOWED: ReadonlySet<string> = new Set([
  'request_id',
  'organization',
  'connector',
  'connection',
  'plugin',
  'code',
  'error',
  'status',
  'method',
  'route',
  'duration_ms',
  'job',
  'node',
  'url',
  'address',
  'warning',
  'open',
  'count',
  'host',
  'phase',
  'version',
])
const LONGEST = 500

/** JSON lines on standard output. `level` is pino's. */
export function createLog(options: {
  readonly level: string
  readonly destination?: { write(line: string): void }
}): Log & { flush(): void } {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }
  const destination = pino.destination({ dest: 1, sync: true })
  const logger = pino(settings, options.destination ?? destination)
  return {
    info: (event, fields) => logger.info(allowed(fields), event),
    warn: (event, fields) => logger.warn(allowed(fields), event),
    error: (event, error, fields) => logger.error({ ...allowed(fields), ...told(error) }, event),
    flush: () => logger.flush(),
  }
}

function allowed(fields: LogFields = {}): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name, value]) => ALLOWED.has(name) && value !== undefined)
  return Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, LONGEST) : value]),
  )
}

/** What may be told of an error: a code of ours, else its class, code and place. */
// SECURITY: messages of foreign errors can quote what they failed on (a JSON parse error quotes the body).
export function told(error: unknown): Record<string, unknown> {
  if (error instanceof BrokerError) return { code: error.code, cause: named(error.cause) }
  return { error: named(error), stack: error instanceof Error ? frames(error) : undefined }
}

function named(error: unknown): string | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : typeof error
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code.slice(0, 60)}` : ''
  return `${error.name}${code}`
}

const frames = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 6)
    .map(line => line.trim().replace(/\(?(?:file:\/\/)?\/\S*\/(?=[^/]+:\d+)/, '('))
    .join(' | ')
