import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

const root = import.meta.dirname
const dist = join(root, 'dist')
const fresh = join(root, `dist.${process.pid}`)
const LAUNCHER = join(root, 'bin', 'behalf.js')

const WORKER = /new Worker\(new URL\('(\.\/[\w-]+)\.ts', import\.meta\.url\)/g
const HERE = /import\.meta\.(url|dirname)/g

/** Files that lie beside a module are still found beside it; a worker is a file of its own beside the program. */
const places: Plugin = {
  name: 'places',
  transform(code, id) {
    if (!id.endsWith('.ts')) return null
    const own = code.replaceAll(WORKER, (_, file: string) => {
      this.emitFile({ type: 'chunk', id: resolve(dirname(id), `${file}.ts`), fileName: `${file.slice(2)}.js` })
      return `new Worker(new URL('${file}.js', HERE.url)`
    })
    const place = JSON.stringify(relative(dist, id).split(sep).join('/'))
    const found = own.replaceAll(HERE, (_, what: string) =>
      what === 'url' ? `new URL(${place}, HERE.url).href` : `join_(HERE.dirname, ${place}, '..')`,
    )
    if (found === code) return null
    const joined = found.includes('join_(') ? "import { join as join_ } from 'node:path'\n" : ''
    return joined + found.replaceAll('HERE.', 'import.meta.')
  },
}

// What is here is replaced at once, so that a broker that starts meanwhile finds the old program or the new one.
const bundle = await rolldown({
  input: { run: join(root, 'src', 'run.ts') },
  platform: 'node',
  external: ['pg'],
  plugins: [places],
})
mkdirSync(fresh)
await bundle.write({
  dir: fresh,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  // Names stay, so that the places that a fault tells of can be read.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
})
await bundle.close()
writeFileSync(join(fresh, 'behalf.js'), launcher(), { mode: 0o755 })
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)

function launcher(): string {
  const text = readFileSync(LAUNCHER, 'utf8')
  const built = text.replace("'../src/run.ts'", "'./run.js'")
  if (built === text) throw new Error(`${LAUNCHER} starts something else`)
  return built
}
