import { bare } from './page.ts'

export type Settings = Record<string, unknown>

/** Read by the loader; every other key travels as an attribute of the contact. */
const STAYS_HERE =
  /^(api_base|installation_type|alignment|(horizontal|vertical)_padding|z_index|custom_launcher_selector|hide_(default_launcher|notifications)|(action|background|link)_color|theme_mode|messenger_style_id|language_override|page_title|last_request_at|auth_tokens)$/

/** The page's own settings, copied without their prototype; an element of that name counts as none. */
export const readSettings = (given?: unknown): Settings => bare(given instanceof Node ? null : given)

/** What `POST /messenger/boot` carries. */
export function toBody(settings: Settings): Settings {
  const body = readSettings()
  for (const key of Object.keys(settings)) if (!STAYS_HERE.test(key)) body[key] = settings[key]
  const duration = settings['session_duration'] as number
  if (!(Number.isInteger(duration) && duration > 0)) delete body['session_duration']
  return body
}

/** An update says what is new. Who says nothing new about themselves needs no token again: the server resumes the session. */
export function withoutUnchanged(body: Settings, before: Settings): Settings {
  for (const key of Object.keys(body)) if (key !== 'app_id' && body[key] === before[key]) delete body[key]
  return body
}

export const paddingOf = (settings: Settings, side: string) => Math.max(20, Number(settings[side + '_padding']) || 20)

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const themeOf = ({ theme_mode: mode }: Settings) => (mode === 'light' || mode === 'dark' ? mode : 'system')

/** A colour the browser understands, or undefined. */
export const colorOf = (value: unknown) => (text(value) && CSS.supports('color', text(value)) ? (value as string) : undefined)
