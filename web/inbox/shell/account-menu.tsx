import { useId, useRef } from 'preact/hooks'
import { Avatar } from '#web/ui/avatar.tsx'
import { Icon } from '#web/ui/icons.tsx'
import { atWork } from '#web/inbox/at-work.ts'
import { isHelpOpen } from '#web/inbox/key-switches.ts'
import { setTheme, theme, THEMES } from '#web/inbox/theme.ts'

const THEME_NAMES = { system: 'System', light: 'Light', dark: 'Dark' } as const

/** Who is at work, and what is theirs: a native popover, so Escape and a click beside it close it. */
export function AccountMenu() {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const { name, email, role } = atWork.value.teammate
  const close = () => menu.current?.hidePopover()
  return (
    <div class="account">
      <button type="button" class="account-button" popovertarget={id}>
        <Avatar name={name} />
        <span class="account-name">
          <b>{name}</b>
          <span class="quiet">{role}</span>
        </span>
        <Icon name="chevron" />
      </button>
      <div class="menu" id={id} popover="auto" ref={menu} role="group" aria-label="Account">
        <p class="menu-head">
          <b>{name}</b>
          <span class="quiet">{email}</span>
        </p>
        <a href="/settings/profile" onClick={close}>
          <Icon name="person" />
          Profile and sessions
        </a>
        <button
          type="button"
          onClick={() => {
            close()
            isHelpOpen.value = true
          }}
        >
          <Icon name="keyboard" />
          Keyboard shortcuts <kbd>?</kbd>
        </button>
        <fieldset class="theme">
          <legend>Theme</legend>
          {THEMES.map((one) => (
            <label key={one}>
              <input type="radio" name={`${id}-theme`} checked={theme.value === one} onChange={() => setTheme(one)} />
              <span>{THEME_NAMES[one]}</span>
            </label>
          ))}
        </fieldset>
        <form method="post" action="/sign-out">
          <button>
            <Icon name="sign_out" />
            Sign out
          </button>
        </form>
      </div>
    </div>
  )
}
