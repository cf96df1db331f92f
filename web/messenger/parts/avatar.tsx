/** The first letter of a name; the name itself stands beside it. */
export const Avatar = ({ name }: { name: string | null | undefined }) => (
  <span class="avatar" aria-hidden="true">
    {Array.from(name?.trim() ?? '')[0]?.toLocaleUpperCase() ?? '•'}
  </span>
)
