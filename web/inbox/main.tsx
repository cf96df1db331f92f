import { render } from 'preact'
import { App } from './app.tsx'
import { watchKeys } from './keyboard.ts'
import { watchLinks } from './router.ts'
import '#web/ui/styles/tokens.css'
import '#web/ui/styles/base.css'
import '#web/ui/styles/parts.css'
import '#web/ui/styles/overlays.css'
import '#web/ui/styles/forms.css'
import './styles/shell.css'
import './styles/front.css'
import './styles/second-step.css'
import './styles/login-parts.css'
import './styles/login-checklist.css'
import './styles/login-enforcement.css'
import './styles/login-log.css'
import './styles/login-tester.css'
import './styles/login-narrow.css'

watchLinks()
watchKeys()
const root = document.createElement('div')
root.id = 'app'
document.body.replaceChildren(root)
render(<App />, root)
