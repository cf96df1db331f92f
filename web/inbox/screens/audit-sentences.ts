const SENTENCES: Record<string, string> = {
  'access.denied': 'Was refused, for want of permission',
  'installation.set_up': 'Set up the installation',
  'teammate.signed_in': 'Signed in',
  'teammate.sign_in_refused': 'Sign-in refused',
  'teammate.invited': 'Invited a teammate',
  'teammate.joined': 'Joined',
  'teammate.role_changed': 'Changed a role',
  'teammate.removed': 'Removed a teammate',
  'invite.withdrawn': 'Withdrew an invite',
  'password.reset_asked': 'Asked for a new password',
  'password.changed': 'Changed a password',
  'password.checked': 'Gave the password again',
  'password.check_refused': 'Gave a wrong password',
  'login.changed': 'Changed the login settings',
  'key.added': 'Added a key',
  'key.retired': 'Retired a key',
  'origin.listed': 'Listed an origin',
  'origin.removed': 'Removed an origin',
  'host.wanted': 'Asked for a support host',
  'host.added': 'Added a support host',
  'host.proved': 'Proved a support host',
  'host.preferred': 'Made a support host the primary one',
  'provider.added': 'Added an OpenID provider',
  'provider.removed': 'Removed an OpenID provider',
  'host.removed': 'Removed a support host',
  'user_jwt.minted': 'Minted a test token',
  'login_link.made': 'Made a link to open as a user',
}

/** An action nobody has put into words yet is shown as it is written. */
export function sentenceOf(action: string): string {
  return SENTENCES[action] ?? action.replaceAll(/[._]/g, ' ')
}
