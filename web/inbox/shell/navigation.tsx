import { Icon } from '#web/ui/icons.tsx'
import { path } from '#web/inbox/router.ts'
import { findRoute, routes } from '#web/inbox/routes.tsx'

export function Navigation() {
  const current = findRoute(path.value)?.route
  return (
    <nav class="navigation" aria-label="Settings">
      <p class="eyebrow" aria-hidden="true">
        Settings
      </p>
      <ul>
        {routes
          .filter(({ isPersonal }) => !isPersonal)
          .map((route) => (
            <li key={route.path}>
              <a href={route.path} aria-current={route === current ? 'page' : undefined}>
                <Icon name={route.icon} />
                {route.title}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}
