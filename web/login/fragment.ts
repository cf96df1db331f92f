import { readFragment } from './read-fragment.ts'

/** A sign-in whose token travels behind the `#`, which no server, log or Referer sees. The address is clean before anything else happens. */
const fields = readFragment(location.hash)
history.replaceState(null, '', location.pathname)

if (fields) send(fields)
else {
  document.querySelector('[data-without-script]')?.remove()
  document.querySelector('[data-without-token]')?.removeAttribute('hidden')
}

function send(fields: Record<string, string>): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = location.pathname
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    field.value = value
    form.append(field)
  }
  document.body.append(form)
  form.submit()
  form.remove()
}
