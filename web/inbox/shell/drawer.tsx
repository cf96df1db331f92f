import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '#web/ui/button.tsx'
import { path } from '#web/inbox/router.ts'
import { AccountMenu } from './account-menu.tsx'
import { Brand } from './brand.tsx'
import { Navigation } from './navigation.tsx'

const isOpen = signal(false)

/** On a phone the rail is behind a button. */
export const TopBar = () => (
  <header class="top-bar">
    <Brand />
    <Button look="quiet" icon="menu" label="Menu" onClick={() => (isOpen.value = true)} />
  </header>
)

export function Drawer() {
  const dialog = useRef<HTMLDialogElement>(null)
  const isShown = isOpen.value
  const { value } = path
  useEffect(() => {
    if (isShown) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isShown])
  useEffect(() => {
    isOpen.value = false
  }, [value])
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label="Menu"
      onClose={() => (isOpen.value = false)}
      onClick={(event) => {
        if (event.target === dialog.current) isOpen.value = false
      }}
    >
      {isShown && (
        <div class="drawer-body">
          <div class="drawer-head">
            <Brand />
            <Button look="quiet" icon="close" label="Close" onClick={() => (isOpen.value = false)} />
          </div>
          <Navigation />
          <AccountMenu />
        </div>
      )}
    </dialog>
  )
}
