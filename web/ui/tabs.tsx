import { useEffect, useRef } from 'preact/hooks'

interface Tab {
  href: string
  title: string
  count?: number
}

/** Links that look like tabs: each has an address of its own, and the back button works. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) {
  const bar = useRef<HTMLElement>(null)
  // On a phone they do not all fit.
  useEffect(() => bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [current])
  return (
    <nav class="tabs" aria-label={label} ref={bar}>
      {tabs.map(({ href, title, count }) => (
        <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>
          {title}
          {count !== undefined && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  )
}
