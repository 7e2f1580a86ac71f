// Comfort only: every page is whole without it.

const locale = navigator.languages.find(tag => tag.startsWith(document.documentElement.lang)) ?? 'en'
const year = new Date().getFullYear()
// Made when a time asks for it: each costs a page that tells none more than its own text.
const formats = {}
const told = (at, name, options) => {
  formats[name] ??= new Intl.DateTimeFormat(locale, options)
  return formats[name].format(at)
}

// Times in the reader's own zone, with the exact one at hand.
for (const time of document.querySelectorAll('time[data-as]')) {
  const at = new Date(time.dateTime)
  time.title = told(at, 'full', { dateStyle: 'full', timeStyle: 'long' })
  if (time.dataset.as === 'exact') time.textContent = told(at, 'exact', { dateStyle: 'medium', timeStyle: 'short' })
  if (time.dataset.as !== 'day') continue
  const day = { day: 'numeric', month: 'long' }
  const isThisYear = at.getFullYear() === year
  time.textContent = isThisYear ? told(at, 'day', day) : told(at, 'dayOfYear', { ...day, year: 'numeric' })
}

// What just happened is heard and not told again after a reload.
document.querySelector('[data-focus]')?.focus({ preventScroll: true })
if (location.pathname === '/sessions' && location.search) history.replaceState(null, '', location.pathname)

// The search narrows as one types; the address stays what was asked of the server.
const form = document.querySelector('form[data-filter]')
if (form) {
  const input = form.querySelector('input')
  const found = form.querySelector('.found')
  const filter = () => {
    const wanted = input.value.trim().toLowerCase()
    let shown = 0
    for (const section of document.querySelectorAll('section:has([data-search])')) {
      let here = 0
      for (const card of section.querySelectorAll('[data-search]')) {
        card.hidden = !card.dataset.search.includes(wanted)
        if (!card.hidden) here += 1
      }
      section.hidden = here === 0
      const count = section.querySelector('.count')
      if (count) count.textContent = here
      shown += here
    }
    const { one, other, none } = found.dataset
    const words = shown === 0 ? none.replace('{search}', input.value.trim()) : shown === 1 ? one : other
    found.textContent = wanted === '' ? '' : words.replace('{count}', shown)
  }
  input.addEventListener('input', filter)
  form.addEventListener('submit', event => event.preventDefault())
  addEventListener('pageshow', filter)
}

// A form is sent once, and says that it is on its way.
for (const button of document.querySelectorAll('button[data-busy]')) {
  const words = button.textContent
  button.form.addEventListener('submit', event => {
    if (button.getAttribute('aria-disabled') === 'true') return event.preventDefault()
    button.setAttribute('aria-disabled', 'true')
    button.textContent = button.dataset.busy
  })
  addEventListener('pageshow', () => {
    button.removeAttribute('aria-disabled')
    button.textContent = words
  })
}
