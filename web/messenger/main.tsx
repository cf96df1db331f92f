import { render } from 'preact'
import { App } from './app.tsx'
import { forgetEverything, hearChange, loadConversations, resync } from './conversations.ts'
import { openLinksSignedIn } from './links.ts'
import { setDraft } from './outbox.ts'
import { hearPage, tellPage } from './page.ts'
import { follow } from './routes.ts'
import { flushAll, sendMessage } from './send.ts'
import { boot, enter, isOpen } from './session.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/screens.css'
import './styles/thread.css'
import './styles/prose.css'

const compose = (thread: string, text: string, isSent: boolean) => (isSent ? sendMessage(thread, text) : setDraft(thread, text))

hearPage({
  open(message) {
    if (boot.value && boot.value.visitor_id !== message.boot.visitor_id) forgetEverything()
    enter(message)
    flushAll()
    follow(message.go, compose)
    void loadConversations()
  },
  go: ({ go }) => follow(go, compose),
  change: ({ change }) => hearChange(change),
  resync,
  closed() {
    isOpen.value = false
  },
})

addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) tellPage({ latchkey: 'close' })
})
addEventListener('online', flushAll)
openLinksSignedIn()

const root = document.createElement('div')
root.id = 'messenger'
document.body.replaceChildren(root)
render(<App />, root)
tellPage({ latchkey: 'ready' })
