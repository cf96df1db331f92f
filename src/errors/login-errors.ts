import type { Expected } from '#errors'

/** What can keep a person from being signed in, besides their token. */
export const loginErrors = {
  origin_not_allowed: {
    status: 403,
    sentence: 'This origin may not use the Messenger of this workspace.',
    cure: 'List it: latchkey origin add APP_ID https://app.example.com',
  },
  origin_missing: {
    status: 403,
    sentence: 'This needs a browser’s Origin, or a user JWT.',
    cure: 'Outside a browser send a user JWT and name the platform.',
  },
  contact_blocked: {
    status: 403,
    sentence: 'This person may not sign in.',
    cure: 'A teammate has blocked the contact; unblock it to let them in.',
  },
  session_missing: { status: 401, sentence: 'You are not signed in.', cure: 'Boot the Messenger first, or open the login page.' },
  session_expired: { status: 401, sentence: 'Your session has ended.', cure: 'Boot again with a fresh user JWT.' },
  login_expired: { status: 410, sentence: 'This sign-in request has expired.', cure: 'Go back to the app and follow the link again.' },
  login_link_unknown: {
    status: 404,
    sentence: 'This sign-in link is not known here.',
    cure: 'It may be older than a day, or cut off by a mail program; ask for a new one.',
  },
  login_link_used: {
    status: 410,
    sentence: 'This sign-in link has been used already.',
    cure: 'A link signs in once. Ask for a new one: POST /api/login_links',
  },
  login_url_loops: {
    status: 409,
    sentence: 'Sign-in went round in a circle.',
    cure: 'The Login URL sent the reader back without signing them in: end it at /login/jwt with a jwt, not at return_to.',
  },
  cookies_blocked: {
    status: 409,
    sentence: 'This browser keeps no cookies for this site, so nobody can be signed in.',
    cure: 'Allow cookies for this address; if every browser is told this, a proxy strips Cookie or Set-Cookie.',
  },
  return_to_not_allowed: {
    status: 400,
    sentence: 'return_to leads to an address that is not allowed.',
    cure: 'A path of the support host such as /tickets, or an address on a listed origin.',
  },
  contact_not_found: {
    status: 404,
    sentence: 'There is no user with this user_id here.',
    cure: 'The user_id is your own id of the user, exactly as signed; a user exists here after their first sign-in.',
  },
  account_required: {
    status: 403,
    sentence: 'This page is for people who have an account in the app.',
    cure: 'Sign in through the app: an e-mailed link or an outside sign-in alone is not enough here.',
  },
  handoff_expired: {
    status: 410,
    sentence: 'This hand-over of your sign-in has expired.',
    cure: 'Open the page again: a hand-over works once, within 60 seconds, on the host it was made for.',
  },
  handoff_not_signed_in: {
    status: 401,
    sentence: 'You came back from the sign-in without being signed in.',
    cure: 'See why the sign-in at the primary host failed: latchkey login-log APP_ID --outcome refused',
  },
  login_state_invalid: {
    status: 403,
    sentence: 'This sign-in was not started in this browser, or it took too long.',
    cure: 'Start again from the Sign in button, in one browser that keeps cookies.',
  },
  provider_refused: {
    status: 401,
    sentence: 'The sign-in service did not sign you in.',
    cure: 'Try again, and agree to share what it asks for. The server’s log has the service’s own error code.',
  },
  provider_answer_invalid: {
    status: 401,
    sentence: 'The answer of the sign-in service cannot be trusted.',
    cure: 'Try again. If it stays so, compare issuer, client id, secret and algorithm of the provider; the server’s log names the fault.',
  },
  provider_email_not_allowed: {
    status: 403,
    sentence: 'The sign-in service vouches for no address that may sign in here.',
    cure: 'Sign in with an account whose verified address is in a domain of the provider’s list.',
  },
  provider_unreachable: {
    status: 502,
    sentence: 'The sign-in service does not answer.',
    cure: 'Try again in a moment. If it stays so, the server’s log says why it could not be asked.',
  },
  email_link_expired: {
    status: 410,
    sentence: 'This link from your mail has expired, or was used already.',
    cure: 'Ask for a new link on the sign-in page.',
  },
  login_url_missing: {
    status: 404,
    sentence: 'This workspace has no login page set.',
    cure: 'Set one: latchkey workspace set APP_ID --login-url https://app.example.com/login',
  },
  cross_site_request: { status: 403, sentence: 'This form was sent from another site.', cure: 'Open the page on this site and try again.' },
  unknown_host: {
    status: 421,
    sentence: 'This address is not served here.',
    cure: 'Add the host: latchkey host add APP_ID https://help.example.com',
  },
} as const satisfies Record<string, Expected>
