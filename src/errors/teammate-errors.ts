import type { Expected } from '#errors'

/** What only teammates see, beside what they were doing. */
export const teammateErrors = {
  set_up_done: {
    status: 410,
    sentence: 'This installation has been set up already.',
    cure: 'Sign in, or ask an owner for an invite.',
  },
  set_up_link_invalid: {
    status: 403,
    sentence: 'This is not the set-up link of this installation.',
    cure: 'Print it on the server: npx latchkey setup-link',
  },
  sign_in_refused: {
    status: 401,
    sentence: 'The e-mail address or the password is not right.',
    cure: 'Try again, or have a new password sent.',
  },
  sign_in_expired: {
    status: 401,
    sentence: 'This sign-in waited too long for its code, or was finished elsewhere.',
    cure: 'Give your address and password again.',
  },
  code_wrong: {
    status: 422,
    sentence: 'This code is not right, or was used already.',
    cure: 'Wait for the next code of your app, and see that the clock of its device is right.',
  },
  second_step_on: { status: 409, sentence: 'Your second step is on already.', cure: 'Turn it off first, to set it up for another device.' },
  second_step_off: { status: 409, sentence: 'There is no second step to change.', cure: 'Look again: somebody may have turned it off.' },
  second_step_draft_invalid: {
    status: 410,
    sentence: 'This QR code is older than ten minutes, or was not made in this session.',
    cure: 'Start again; delete the entry that your authenticator app made of it.',
  },
  sign_in_required: { status: 401, sentence: 'You are not signed in.', cure: 'Sign in again; nothing was changed.' },
  too_many_sign_ins: {
    status: 429,
    sentence: 'Too many tries. Wait a few minutes and try again.',
    cure: 'Wait as long as Retry-After says, or use a browser that signed in before.',
  },
  permission_missing: { status: 403, sentence: 'Your role does not allow this.', cure: 'Ask an owner or an admin.' },
  password_check_needed: { status: 403, sentence: 'Please give your password again.', cure: 'Give it, and repeat what you were doing.' },
  password_wrong: { status: 422, sentence: 'That is not your password.', cure: 'Try again.' },
  password_too_short: {
    status: 422,
    sentence: 'A password needs at least 8 characters.',
    cure: 'Choose a longer one; a few words are good.',
  },
  password_too_long: { status: 422, sentence: 'A password has at most 200 characters.', cure: 'Choose a shorter one.' },
  password_too_common: {
    status: 422,
    sentence: 'Many people use this password, so it is among the first that are tried.',
    cure: 'Choose another one; a few words are good.',
  },
  invite_invalid: {
    status: 410,
    sentence: 'This invite has been used, replaced or withdrawn, or is older than a day.',
    cure: 'Ask for a new invite.',
  },
  reset_invalid: {
    status: 410,
    sentence: 'This link has been used or replaced, or is older than an hour.',
    cure: 'Ask for a new link.',
  },
  teammate_exists: { status: 409, sentence: 'This address is a teammate already.', cure: 'Change their role instead.' },
} as const satisfies Record<string, Expected>
