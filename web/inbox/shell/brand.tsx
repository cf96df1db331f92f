import { atWork } from '#web/inbox/at-work.ts'

export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" />
    <path d="M13.5 18.5 22 10m-2.5 2.5 2.5 2.5M17 15l2 2" />
    <circle cx="11.5" cy="20.5" r="3.25" />
  </svg>
)

export const Brand = () => (
  <a class="brand" href="/settings">
    <Mark />
    <span class="brand-name">{atWork.value.workspace.name}</span>
  </a>
)
