import { can } from '#web/inbox/at-work.ts'
import { Notice } from '#web/ui/states.tsx'

/** Why what stands below cannot be changed, for whoever may only read it. */
export const ReadOnly = () => (can('settings:write') ? null : <Notice>You can read this. Owners and admins can change it.</Notice>)
