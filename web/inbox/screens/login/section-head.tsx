import type { ComponentChildren } from 'preact'

interface SectionHeadProps {
  title: string
  actions?: ComponentChildren
  children?: ComponentChildren
}

export const SectionHead = ({ title, actions, children }: SectionHeadProps) => (
  <header class="section-head">
    <div>
      <h2>{title}</h2>
      {children !== undefined && <p class="quiet">{children}</p>}
    </div>
    {Boolean(actions) && <div class="actions">{actions}</div>}
  </header>
)
