import type { Person } from './person.ts'

const MOST_HOPS = 15

/** Signs a sample person in once, as a browser would, so that the organization knows them from the first call on. */
export async function firstSignIn(url: string, { email, password }: Person): Promise<void> {
  const jars = new Map<string, Map<string, string>>()
  let next = `${url}/auth/login`
  let form: URLSearchParams | undefined
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const { origin } = new URL(next)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(next, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    form = undefined
    const location = response.headers.get('location')
    if (location !== null) {
      next = new URL(location, next).href
      if (new URL(next).pathname === '/connections') return
      continue
    }
    const action = /<form method="post" action="([^"]+\/login)"/.exec(await response.text())?.[1]
    if (action === undefined) throw new Error(`The sample person ${email} could not sign in (HTTP ${response.status})`)
    next = new URL(action, next).href
    form = new URLSearchParams({ email, password })
  }
  throw new Error(`The sample person ${email} could not sign in`)
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const mark = pair.indexOf('=')
  jar.set(pair.slice(0, mark), pair.slice(mark + 1))
}
