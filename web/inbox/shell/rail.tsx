import { AccountMenu } from './account-menu.tsx'
import { Brand } from './brand.tsx'
import { Navigation } from './navigation.tsx'

export const Rail = () => (
  <aside class="rail" aria-label="Navigation">
    <Brand />
    <Navigation />
    <AccountMenu />
  </aside>
)
