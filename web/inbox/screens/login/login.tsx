import type { FunctionComponent } from 'preact'
import { PageHead } from '#web/inbox/shell/page-head.tsx'
import { Tabs } from '#web/ui/tabs.tsx'
import { AddressesTab } from './addresses.tsx'
import { ChecklistTab } from './checklist.tsx'
import { CodeTab } from './code.tsx'
import { EnforcementTab } from './enforcement.tsx'
import { KeysTab } from './keys.tsx'
import { LoginLogTab } from './login-log.tsx'
import { TesterTab } from './tester.tsx'
import { WaysInTab } from './ways-in.tsx'

interface LoginTab {
  rest: string
  title: string
  Screen: FunctionComponent
}

const tabs: LoginTab[] = [
  { rest: '', title: 'Checklist', Screen: ChecklistTab },
  { rest: 'keys', title: 'Keys', Screen: KeysTab },
  { rest: 'addresses', title: 'Addresses', Screen: AddressesTab },
  { rest: 'enforcement', title: 'Enforcement', Screen: EnforcementTab },
  { rest: 'ways-in', title: 'Ways in', Screen: WaysInTab },
  { rest: 'log', title: 'Login log', Screen: LoginLogTab },
  { rest: 'tester', title: 'Token tester', Screen: TesterTab },
  { rest: 'code', title: 'Code', Screen: CodeTab },
]
const hrefOf = (rest: string) => (rest === '' ? '/settings/login' : `/settings/login/${rest}`)

/** Settings → Login: each tab has an address of its own. */
export function LoginScreen({ rest }: { rest: string }) {
  const [first] = tabs
  const tab = tabs.find((tab) => tab.rest === rest) ?? first
  if (!tab) return null
  return (
    <>
      <PageHead title="Login" lead="How your users get from your app into the Messenger, the Help Center and the Tickets Portal." />
      <Tabs label="Login" tabs={tabs.map(({ rest, title }) => ({ href: hrefOf(rest), title }))} current={hrefOf(tab.rest)} />
      <div class="tab-body">
        <tab.Screen />
      </div>
    </>
  )
}
