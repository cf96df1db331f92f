import { warn } from './page.ts'

export type Settings = Record<string, unknown>

/** Read by the loader; every other key travels as an attribute of the contact. */
const STAYS_HERE = new Set(
  (
    'api_base region widgetUrl installation_type alignment horizontal_padding vertical_padding z_index custom_launcher_selector ' +
    'hide_default_launcher hide_notifications action_color background_color link_color theme_mode messenger_style_id ' +
    'language_override page_title last_request_at auth_tokens'
  ).split(' '),
)

const IDENTITY = ['user_id', 'email', 'user_hash', 'intercom_user_jwt']

/** The page's own settings, copied without its prototype; elements and other strange things count as none. */
export const readSettings = (given: unknown): Settings =>
  Object.assign(Object.create(null) as Settings, typeof given === 'object' && !(given instanceof Node) ? given : undefined)

/** What `POST /messenger/boot` carries. */
export function toBody(settings: Settings): Settings {
  const body = readSettings(undefined)
  for (const key of Object.keys(settings)) if (!STAYS_HERE.has(key)) body[key] = settings[key]
  const { session_duration: duration } = settings
  if (duration !== undefined && (!Number.isInteger(duration) || (duration as number) <= 0)) {
    warn('session_duration must be a whole number of milliseconds; it was ignored.')
    delete body['session_duration']
  }
  return body
}

/** An update that names the same person as before needs no token again: the server resumes the session. */
export function withoutKnownIdentity(body: Settings, before: Settings): Settings {
  if (IDENTITY.every((key) => body[key] === undefined || body[key] === before[key])) for (const key of IDENTITY) delete body[key]
  return body
}

export function paddingOf(settings: Settings, key: string): number {
  const value = Number(settings[key] ?? 20)
  if (value >= 20) return value
  warn(key + ' must be a number of at least 20.')
  return 20
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

export const themeOf = (settings: Settings) => {
  const mode = settings['theme_mode']
  return mode === 'light' || mode === 'dark' ? mode : 'system'
}
