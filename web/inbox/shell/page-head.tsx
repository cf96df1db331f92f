import type { ComponentChildren } from 'preact'

/** The page's one h1, which takes the focus when the page opens, and its actions. */
export const PageHead = ({ title, lead, actions }: { title: string; lead?: ComponentChildren; actions?: ComponentChildren }) => (
  <header class="page-head">
    <div>
      <h1 tabIndex={-1}>{title}</h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
    </div>
    {actions !== undefined && <div class="actions">{actions}</div>}
  </header>
)
