import type { LoginPlatform } from '#shared/login-settings.ts'

export const PLATFORMS: readonly LoginPlatform[] = ['web', 'ios', 'android']
export const PLATFORM_NAMES: Record<LoginPlatform, string> = { web: 'Web', ios: 'iOS', android: 'Android' }
