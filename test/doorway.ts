import type { Doorway } from '#domain/identity/sign-in.ts'
import type { House } from './house.ts'

/** Door 1 in Acme’s house, as a browser comes to it. */
export function doorwayOf({ tenants, now }: House, standing: Doorway['standing'] = null): Doorway {
  return {
    ...{ door: 'boot', platform: 'web', device: 'Firefox on Linux', standing, visitorFollows: false },
    host: tenants.acme.host,
    now: now(),
  }
}
