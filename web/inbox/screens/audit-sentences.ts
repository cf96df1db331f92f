const SENTENCES: Record<string, string> = {
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
}

/** An action nobody has put into words yet is shown as it is written. */
export function sentenceOf(action: string): string {
  return SENTENCES[action] ?? action.replaceAll(/[._]/g, ' ')
}
