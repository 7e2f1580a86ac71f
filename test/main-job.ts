import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from './support/chromium.ts'
import { freePorts } from './support/ports.ts'

// `npm start` as a person runs it, then the journey that the README promises, with its own curl.
const dataDir = mkdtempSync(join(tmpdir(), 'behalf-main-job-'))
const [port, metrics, sso, provider] = await freePorts(4)
const child = spawn('npm', ['start'], {
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    ...process.env,
    BEHALF_URL: `http://localhost:${port}`,
    BEHALF_LISTEN: `127.0.0.1:${port}`,
    BEHALF_METRICS_LISTEN: `127.0.0.1:${metrics}`,
    BEHALF_DATA: dataDir,
    PLAYGROUND_SSO_PORT: String(sso),
    PLAYGROUND_PROVIDER_PORT: String(provider),
  },
})
const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
try {
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', chunk => String(chunk).includes('Ctrl-C stops everything') && resolve())
    child.once('exit', code => reject(new Error(`npm start ended with ${code}`)))
  })
  await journey()
  tour()
} finally {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
  await ended
  rmSync(dataDir, { recursive: true, force: true })
}
process.stdout.write(
  'The main job was driven from the curl over sign-in and consent to a call and a disconnect, and the tour was taken.\n',
)

/** What `npm run tour` shows of launches, redaction, a debug window, webhooks and usage. */
function tour(): void {
  const env = { ...process.env, BEHALF_DATA: dataDir }
  const said = execFileSync('npm', ['run', '--silent', 'tour'], { env, encoding: 'utf8' })
  const masked = '[{"id":"<REDACTED>","name":"J*****k","company":"N*****d"}]'
  for (const line of [
    'una@acme.example connected orbit with the link that the refused run brought.',
    'list-contacts ran on her behalf: [{"id":2,"name":"Jonas Beck","company":"Northwind"}]',
    'Launched to 11 people, strict: logged under strict, keeping nothing of what the call holds',
    `Launched to 10 people, standard: logged under standard, keeping ${masked}`,
    'dev@acme.example asks una@acme.example for a debug window of 5 minutes: strict until she agrees.',
    `She agreed: logged under standard, keeping ${masked}`,
    'She ended it: logged under strict.',
  ])
    assert.ok(said.includes(line), `${line}\nis not in\n${said}`)
  assert.equal(said.split('Launched to 11 people, strict: logged under strict').length, 3)
  assert.match(said, /signed: .*launch\.started [4-9]/)
  assert.match(said, /connection\.disconnected 1/)
  assert.match(said, /sees that sales-assistant used orbit \d+ times; \S+\/history shows it\./)
}

async function journey(): Promise<void> {
  const file = JSON.parse(readFileSync(join(dataDir, 'playground.json'), 'utf8'))
  const curl = () => JSON.parse(execFileSync('sh', ['-c', `${file.curl} -s`], { encoding: 'utf8' }))
  const before = curl()
  assert.equal(before.code, 'connection_required')
  const browser = await launchChromium()
  const page = await browser.newPage()
  const [una] = file.people
  const signIn = async () => {
    await page.getByLabel('E-mail').fill(una.email)
    await page.getByLabel('Password').fill(una.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await page.goto(before.connect_url)
  await signIn()
  await page.getByRole('button', { name: 'Continue to Orbit CRM' }).click()
  await signIn()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByText('Orbit CRM is connected').waitFor()
  assert.equal(curl().email, 'una@orbit.example')
  await page.goto(`${file.url}/connections`)
  await page.getByRole('link', { name: 'Disconnect Orbit CRM' }).click()
  await page.getByRole('button', { name: 'Disconnect Orbit CRM' }).click()
  await page.getByRole('heading', { name: 'Orbit CRM is disconnected' }).waitFor()
  assert.equal(curl().code, 'connection_required')
  await browser.close()
}
