/** The look of one sample server: its name and its colours. */
export type Brand = { readonly name: string; readonly accent: string; readonly tagline: string }

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

const page = (brand: Brand, title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escaped(title)} · ${escaped(brand.name)}</title>
<style>
:root{--accent:${brand.accent};--ink:#1b1f24;--soft:#59636e;--ground:#f4f4f1;--card:#fff;--line:#d5d8dc;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
@media(prefers-color-scheme:dark){:root{--ink:#eceff1;--soft:#a8b0b8;--ground:#14130f;--card:#1e1d19;--line:#3a3a36}}
*{box-sizing:border-box}body{margin:0;display:grid;place-items:center;min-height:100vh;padding:1rem}
main{width:min(26rem,100%);background:var(--card);border:1px solid var(--line);border-top:6px solid var(--accent);border-radius:.5rem;padding:1.75rem}
h1{font-size:1.35rem;margin:.25rem 0 1rem}.brand{font-weight:700}.soft{color:var(--soft);margin:0 0 1rem}label{display:block;font-weight:600;margin:.75rem 0 .25rem}
input[type=email],input[type=password]{width:100%;font:inherit;padding:.6rem .7rem;border:1px solid var(--soft);border-radius:.35rem;background:transparent;color:inherit}
ul{list-style:none;margin:0 0 1rem;padding:0}li label{display:flex;gap:.6rem;align-items:baseline;font-weight:400;margin:.35rem 0}
.go{display:flex;gap:.75rem;margin-top:1.25rem}button{flex:1;font:inherit;font-weight:600;padding:.65rem 1rem;border-radius:.35rem;border:1px solid var(--line);background:transparent;color:inherit;cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent);color:#fff}.bad{border-left:4px solid #c0362c;padding:.4rem .8rem;margin:0 0 1rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
</style></head><body><main><p class="brand">${escaped(brand.name)}</p>${body}</main></body></html>`

export const loginForm = (
  brand: Brand,
  { uid, email, wrong }: { uid: string; email: string; wrong: boolean },
): string =>
  page(
    brand,
    'Sign in',
    `<h1>Sign in</h1><p class="soft">${escaped(brand.tagline)}</p>
${wrong ? '<p class="bad" role="alert">The e-mail and the password do not go together.</p>' : ''}
<form method="post" action="/interaction/${escaped(uid)}/login">
<label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" required value="${escaped(email)}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<div class="go"><button class="main">Sign in</button></div></form>`,
  )

const WORDS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  email: 'See your e-mail address',
  profile: 'See your name',
  offline_access: 'Stay connected when you are away',
  'contacts.read': 'Read your contacts',
  'contacts.write': 'Add and change your contacts',
}

export const consentForm = (
  brand: Brand,
  { uid, client, account, scopes }: { uid: string; client: string; account: string; scopes: readonly string[] },
): string =>
  page(
    brand,
    'Allow access',
    `<h1>Allow ${escaped(client)}?</h1><p class="soft">You are signed in as ${escaped(account)}. ${escaped(client)} asks to:</p>
<form method="post" action="/interaction/${escaped(uid)}/consent"><ul>
${scopes
  .map(scope => {
    const fixed = scope === 'openid'
    const box = `<input type="checkbox" name="scope" value="${escaped(scope)}" checked${fixed ? ' disabled' : ''}>`
    return `<li><label>${box}${escaped(WORDS[scope] ?? scope)}</label></li>`
  })
  .join('')}
</ul><div class="go"><button name="answer" value="cancel">Cancel</button><button class="main" name="answer" value="allow">Allow</button></div></form>`,
  )

export const notFound = (brand: Brand): string =>
  page(brand, 'Nothing here', '<h1>There is nothing here</h1><p class="soft">Start again where you came from.</p>')
export const failed = (brand: Brand, error: string): string =>
  page(brand, 'Something is not right', `<h1>Something is not right</h1><p class="soft">${escaped(error)}</p>`)
