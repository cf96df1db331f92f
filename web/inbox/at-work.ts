import { signal } from '@preact/signals'
import type { AtWorkAnswer, Permission } from '#shared/inbox.ts'

/** Who is at work, as the server wrote it into the document; changes only with their own name. */
export const atWork = signal(JSON.parse(document.body.dataset['atWork'] ?? '{}') as AtWorkAnswer)

export function can(permission: Permission): boolean {
  return atWork.value.permissions.includes(permission)
}
