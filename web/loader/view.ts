import type { Loader } from './loader.ts'
import { create, pageBody } from './page.ts'
import { colorOf, paddingOf, text, themeOf } from './settings.ts'
import { style } from './style.ts'

/** The launcher, in a shadow root. */
export interface View {
  host: HTMLElement
  root: HTMLElement
  button: HTMLButtonElement
  badge: HTMLElement
}

export function createView(): View {
  const [host, root, button, badge] = [create('div'), create('div'), create('button'), create('span')]
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = [sheet]
  button.append(badge)
  root.append(button)
  shadow.append(root)
  return { host, root, button, badge }
}

/** The name is a proper noun, the same in every language; `aria-expanded` says the rest. */
export function draw({ answer, isOpen, settings, unread, view: { badge, button, host, root } }: Loader) {
  if (!answer) return
  host.style.cssText = `--a:${colorOf(settings['action_color']) ?? answer.settings.action_color};--x:${paddingOf(settings, 'horizontal')}px;--y:${paddingOf(settings, 'vertical')}px;--z:${Number(settings['z_index']) || 2147483001};--s:${themeOf(settings).replace('system', 'light dark')}`
  root.className = `${text(settings['alignment'])} ${settings['hide_default_launcher'] ? 'bare' : ''} ${isOpen ? 'open' : ''}`
  const count = settings['hide_notifications'] || !unread ? '' : String(unread)
  badge.textContent = count
  button.ariaLabel = 'Messenger' + (count && ` (${count})`)
  button.ariaExpanded = String(!!isOpen)
  if (!host.isConnected) pageBody()?.append(host)
}
