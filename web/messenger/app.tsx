import { useEffect, useRef } from 'preact/hooks'
import { route } from './routes.ts'
import { ArticleScreen } from './screens/article.tsx'
import { HelpScreen } from './screens/help.tsx'
import { HomeScreen } from './screens/home.tsx'
import { MessagesScreen } from './screens/messages.tsx'
import { ThreadScreen } from './screens/thread.tsx'
import { boot, isOpen } from './session.ts'
import { Skeleton } from './parts/states.tsx'
import { Tabs } from './parts/tabs.tsx'

function Screen() {
  const { value } = route
  if (value.at === 'thread') return <ThreadScreen thread={value.thread} />
  if (value.at === 'article') return <ArticleScreen key={value.id} id={value.id} />
  if (value.at === 'messages') return <MessagesScreen />
  if (value.at === 'help') return <HelpScreen />
  return <HomeScreen />
}

export function App() {
  const { at } = route.value
  const frame = useRef<HTMLDivElement>(null)
  const opened = isOpen.value && boot.value !== undefined
  // The thread's composer takes the focus itself; elsewhere the heading tells where one is.
  useEffect(() => {
    if (opened && at !== 'thread') frame.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }, [at, opened])
  return (
    <div class="app" ref={frame}>
      {boot.value ? <Screen /> : <Skeleton />}
      {boot.value && at !== 'thread' && at !== 'article' && <Tabs />}
    </div>
  )
}
