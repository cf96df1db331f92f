import { readableOn, toHex } from '#web/ui/color.ts'
import { create, createSvg, pageBody } from './page.ts'
import { paddingOf, text, themeOf, type Settings } from './settings.ts'
import { style } from './style.ts'

/** The launcher and, once wanted, the frame; both in one shadow root. */
export interface View {
  host: HTMLElement
  root: HTMLElement
  button: HTMLButtonElement
  badge: HTMLElement
  frame: HTMLIFrameElement | undefined
  /** The frame said `ready`: it can be spoken to. */
  isReady: boolean
}

const LABELS: Record<string, [open: string, close: string, unread: string]> = {
  en: ['Open Messenger', 'Close Messenger', 'unread'],
  fr: ['Ouvrir la messagerie', 'Fermer la messagerie', 'non lus'],
  ja: ['メッセンジャーを開く', 'メッセンジャーを閉じる', '未読'],
  ar: ['فتح المراسلة', 'إغلاق المراسلة', 'غير مقروءة'],
}

export const languageOf = (settings: Settings) => text(settings['language_override']) ?? navigator.language

function icon(shape: string) {
  const svg = createSvg('svg')
  const path = createSvg('path')
  path.setAttribute('d', shape)
  svg.append(path)
  svg.setAttribute('aria-hidden', 'true')
  return svg
}

export function createView(): View {
  const [host, root, button, badge] = [create('div'), create('div'), create('button'), create('span')]
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = [sheet]
  button.type = 'button'
  button.append(icon('M21 11.5a8.5 8.5 0 0 1-12.4 7.6L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5Z'), icon('m5 9 7 7 7-7'), badge)
  root.append(button)
  shadow.append(root)
  return { host, root, button, badge, frame: undefined, isReady: false }
}

export interface Look {
  settings: Settings
  color: string
  unread: number
  isOpen: boolean
}

export function drawView(view: View, { settings, color, unread, isOpen }: Look) {
  const action = toHex(settings['action_color']) ?? toHex(color) ?? '#1f5eff'
  const theme = themeOf(settings)
  const variables: [string, unknown][] = [
    ['a', action],
    ['on', readableOn(action)],
    ['x', paddingOf(settings, 'horizontal_padding') + 'px'],
    ['y', paddingOf(settings, 'vertical_padding') + 'px'],
    ['z', Number.isInteger(settings['z_index']) ? settings['z_index'] : 2147483001],
    ['s', theme === 'system' ? 'light dark' : theme],
  ]
  for (const [name, value] of variables) view.host.style.setProperty('--' + name, String(value))
  view.root.className = [
    settings['alignment'] === 'left' ? 'left' : '',
    settings['hide_default_launcher'] ? 'bare' : '',
    isOpen ? 'open' : '',
  ].join(' ')
  const count = settings['hide_notifications'] ? 0 : unread
  const [open, close, waiting] = LABELS[languageOf(settings).slice(0, 2)] ?? (LABELS['en'] as [string, string, string])
  view.badge.textContent = count ? (count > 99 ? '99+' : String(count)) : ''
  view.button.setAttribute('aria-label', isOpen ? close : count ? `${open}, ${count} ${waiting}` : open)
  view.button.setAttribute('aria-expanded', String(isOpen))
  if (!view.host.isConnected) pageBody()?.append(view.host)
}

/** The page's origin travels in the fragment: the frame speaks to that origin and no other. */
export function loadFrame(view: View, origin: string) {
  if (view.frame) return
  const frame = (view.frame = create('iframe'))
  frame.title = 'Messenger'
  frame.allow = 'clipboard-write'
  frame.src = `${origin}/messenger/frame#${location.origin}`
  view.root.prepend(frame)
}

export function dropFrame(view: View) {
  view.frame?.remove()
  view.frame = undefined
  view.isReady = false
}
