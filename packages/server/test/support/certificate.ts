import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A self-signed certificate for one name or several; `extra` replaces its two days of life. */
export function certificate(
  names: string | readonly [string, ...string[]],
  extra: readonly string[] = [],
): { key: string; cert: string } {
  const [name, ...others] = [names].flat()
  const folder = mkdtempSync(join(tmpdir(), 'behalf-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-addext',
    `subjectAltName=${[name, ...others].map(each => `DNS:${each}`).join()}`,
  ]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
      ...(extra.length > 0 ? extra : ['-days', '2']),
    ],
    { stdio: 'pipe' },
  )
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}
