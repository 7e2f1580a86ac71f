import { parseObject } from './strict-json.ts'

/** A provider's answer as a document: JSON, a form, or text that is the access token. Undefined for what is none, or could be read two ways. */
export function answerDocument(
  text: string,
  format: 'json' | 'form' | 'text',
): Readonly<Record<string, unknown>> | undefined {
  if (format === 'json' || /^[\s\ufeff]*\{/.test(text)) return parseObject(text)
  if (format === 'text') return { access_token: text.trim() }
  if (/[<\n]/.test(text.trim()) || !text.includes('=')) return undefined
  const fields = new URLSearchParams(text.trim())
  const names = [...fields.keys()]
  return new Set(names).size === names.length ? Object.fromEntries(fields) : undefined
}
