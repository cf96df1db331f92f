import type { BootAnswer } from '#shared/messenger.ts'
import { ask, post } from './ask.ts'
import type { Loader } from './loader.ts'
import { joinTabs, listen, tellTabs } from './live.ts'
import { open } from './open.ts'
import { bare, complain, report } from './page.ts'
import { clear, introduce, setUnread } from './panel.ts'
import { readSettings, text, toBody, withoutUnchanged, type Settings } from './settings.ts'
import { draw } from './view.ts'

const pageSettings = () => readSettings((window as { intercomSettings?: unknown }).intercomSettings)

/** Signs in with the settings given, or with `window.intercomSettings` when they name no workspace. */
export function boot(loader: Loader, given: unknown) {
  let settings = readSettings(given)
  if (!settings['app_id']) settings = bare(pageSettings(), settings)
  if (!text(settings['app_id'])) return report(loader, 'app_id is missing')
  if (settings['user_id'] !== loader.settings['user_id']) clear(loader)
  loader.settings = settings
  start(loader, toBody(settings))
}

/** Changes settings and attributes; boots when nobody has booted. */
export function update(loader: Loader, given: unknown): void {
  const changes = readSettings(given)
  if (loader.flight) return void loader.flight.then(() => update(loader, given))
  if (!loader.answer) return text(changes['app_id'] ?? pageSettings()['app_id']) ? boot(loader, given) : undefined
  const before = loader.settings
  loader.settings = bare(before, changes)
  draw(loader)
  const now = Date.now()
  loader.updates = loader.updates.filter((at) => at > now - 18e5)
  if (loader.updates.push(now) > 20) return report(loader, 'too many updates')
  start(loader, bare(withoutUnchanged(toBody(changes), before), { app_id: before['app_id'] }))
}

/** The newest boot wins; it waits for a shutdown on its way. */
function start(loader: Loader, body: Settings) {
  const turn = ++loader.turn
  loader.abort?.abort()
  const { signal } = (loader.abort = new AbortController())
  loader.flight = ask<BootAnswer>(loader, 'boot', body, signal)
    .then((answer) => {
      if (turn !== loader.turn) return
      loader.flight = undefined
      if (answer) enter(loader, answer)
      else if (answer === null) clear(loader)
    })
    .catch(complain)
}

const whoIs = ({ visitor_id, contact }: BootAnswer) => visitor_id + contact.id

function enter(loader: Loader, answer: BootAnswer) {
  const before = loader.answer
  if (before && whoIs(before) !== whoIs(answer)) clear(loader)
  loader.answer = answer
  if ((loader.headers = answer.headers)) renew(loader, answer)
  joinTabs(loader, answer.settings.app_id)
  setUnread(loader, answer.unread_count)
  draw(loader)
  if (answer.settings.test_mode) report(loader, 'booted', loader.settings)
  if (answer.has_open_conversation) listen(loader)
  if (loader.wish) open(loader, loader.wish)
  else introduce(loader)
}

/** On another site what the page carries is good for an hour: an update in time answers a fresh one; a page that slept boots anew. */
function renew(loader: Loader, answer: BootAnswer) {
  const deadline = Date.now() + 36e5
  setTimeout(() => loader.answer === answer && (Date.now() < deadline ? update : boot)(loader, loader.settings), 3e6)
}

/** Ends the session on the server, here and in the other tabs; leaves in the same tick, so a navigation may follow at once. */
export function shutdown(loader: Loader) {
  const { flight } = loader
  const appId = loader.settings['app_id'] ?? pageSettings()['app_id']
  const leave = () => post(loader, 'shutdown', { app_id: appId }).catch(() => {})
  loader.turn++
  loader.flight = undefined
  tellTabs(loader, true)
  clear(loader)
  loader.settings = readSettings()
  // A boot still on its way may reach the server after the shutdown: say it again.
  if (appId) loader.leaving = Promise.all([leave(), flight?.then(leave)])
}
