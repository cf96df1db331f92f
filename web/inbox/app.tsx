import { useEffect, useRef } from 'preact/hooks'
import { PasswordCheck } from '#web/ui/password-check.tsx'
import { Toasts } from '#web/ui/toast.tsx'
import { atWork } from './at-work.ts'
import { path } from './router.ts'
import { findRoute, routes } from './routes.tsx'
import { NotFoundScreen } from './screens/not-found.tsx'
import { Drawer, TopBar } from './shell/drawer.tsx'
import { Rail } from './shell/rail.tsx'
import { ShortcutHelp } from './shell/shortcut-help.tsx'

export function App() {
  const { value } = path
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  const found = findRoute(value)
  const [start] = routes
  useEffect(() => {
    if (value === '/settings' && start) {
      history.replaceState(null, '', start.path)
      path.value = start.path
    }
    document.title = `${found?.route.title ?? 'Not found'} · ${atWork.value.workspace.name}`
    // Tells a screen reader, and the keyboard, where one is now; the first page needs no telling.
    if (!isFirst.current) main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    isFirst.current = false
  }, [value])
  const Screen = found?.route.Screen ?? NotFoundScreen
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to the page
      </a>
      <TopBar />
      <Rail />
      <main id="main" ref={main} tabIndex={-1}>
        <Screen key={found?.route.path ?? value} rest={found?.rest ?? ''} />
      </main>
      <Drawer />
      <ShortcutHelp />
      <PasswordCheck />
      <Toasts />
    </div>
  )
}
