interface Tab {
  href: string
  title: string
  count?: number
}

/** Links that look like tabs: each has an address of its own, and the back button works. */
export const Tabs = ({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(({ href, title, count }) => (
      <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>
        {title}
        {count !== undefined && <span class="count">{count}</span>}
      </a>
    ))}
  </nav>
)
