import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// What is published is this folder: JavaScript, declarations, and a package.json that names nothing else.
const root = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(root, 'dist'))
rmSync(out, { recursive: true, force: true })
const tsc = join(root, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc')
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', out], { stdio: 'inherit' })
const { name, version, description, license, type, sideEffects, engines } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)
const exports = {
  '.': { types: './index.d.ts', default: './index.js' },
  './schemas': { types: './schemas.d.ts', default: './schemas.js' },
}
const published = { name, version, description, license, type, sideEffects, exports, engines }
writeFileSync(join(out, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
cpSync(join(root, 'README.md'), join(out, 'README.md'))
cpSync(join(root, '..', '..', 'LICENSE'), join(out, 'LICENSE'))
