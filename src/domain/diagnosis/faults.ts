export interface Fault {
  /** What is wrong, in one plain sentence. */
  sentence: string
  /** What to do about it. */
  cure: string
}

/** Everything the checklist and the doctor can find wrong. docs/login.md lists each; a refused token keeps its own code (src/errors.ts). */
export const faults = {
  never_booted: {
    sentence: 'No page has booted the Messenger with a user JWT yet.',
    cure: 'Put the snippet on a page of your app and open that page as a logged-in user.',
  },
  boots_refused: {
    sentence: 'The user JWTs that arrive are refused.',
    cure: 'Look the code up in the login log; it has its own cure.',
  },
  user_id_of_nobody: {
    sentence: 'The last user JWT signed in a user_id that looks like no id, so everybody who has none is one person here.',
    cure: 'Sign a token only when the user is known, and String(user.id) as user_id, without white space.',
  },
  secret_missing: {
    sentence: 'The workspace has no live messenger secret, so no token can be valid.',
    cure: 'Make one: latchkey key add APP_ID --name first',
  },
  not_enforced: {
    sentence: 'Identity is not enforced: who only claims to be a user gets in as claimed.',
    cure: 'When the login log shows no more refusals: latchkey workspace set APP_ID --enforce-web enforce',
  },
  host_missing: {
    sentence: 'The workspace has no support host.',
    cure: 'Add one: latchkey host add APP_ID https://help.example.com',
  },
  origins_missing: {
    sentence: 'No origin is listed, so no page may boot the Messenger.',
    cure: 'List your app: latchkey origin add APP_ID https://app.example.com',
  },
  host_plain_http: {
    sentence: 'The support host is configured with a plain http address.',
    cure: 'Serve it over HTTPS and add that address: latchkey host add APP_ID https://help.example.com, then retire the http one.',
  },
  scheme_differs: {
    sentence: 'App and support host differ in their scheme, so browsers treat them as two sites and keep no cookie.',
    cure: 'Serve both over https.',
  },
  public_suffix_siblings: {
    sentence:
      'App and support host are siblings under a public suffix: two sites. The Messenger signs in all the same; a typed link to the support host arrives signed out.',
    cure: 'Use a domain of your own for both, such as app.example.com and help.example.com, or send readers through the Login URL.',
  },
  other_site: {
    sentence:
      'App and support host do not share a registrable domain. The Messenger signs in all the same; a typed link to the support host arrives signed out.',
    cure: 'Give the support host a name under the app’s domain, or send readers through /login/jwt and the Login URL.',
  },
  name_not_found: {
    sentence: 'The name cannot be resolved.',
    cure: 'Add a DNS record for it, and wait until it is known everywhere.',
  },
  not_reached: {
    sentence: 'Nothing answers at this address.',
    cure: 'Start the proxy in front of Latchkey, and let its port pass the firewall.',
  },
  answer_too_late: {
    sentence: 'No whole answer came in time.',
    cure: 'See whether the proxy reaches Latchkey, and whether a firewall swallows the connection.',
  },
  certificate_not_trusted: {
    sentence: 'Browsers do not trust the TLS certificate of this address.',
    cure: 'Install a certificate for this very name with its whole chain (fullchain.pem), and renew it before it expires.',
  },
  certificate_expires_soon: {
    sentence: 'The TLS certificate expires soon.',
    cure: 'See why it was not renewed by itself.',
  },
  http_not_redirected: {
    sentence: 'Plain http is answered instead of being redirected to https.',
    cure: 'Let the proxy answer port 80 with: return 301 https://$host$request_uri;',
  },
  not_latchkey: {
    sentence: 'Something answers at this address, but it is not Latchkey.',
    cure: 'Let the proxy pass everything under this name to Latchkey, /login/ and /messenger/ included.',
  },
  upstream_not_reached: {
    sentence: 'The proxy answers, but does not reach Latchkey behind it.',
    cure: 'Start Latchkey, and let the proxy ask where it listens (LATCHKEY_LISTEN and PORT).',
  },
  host_replaced: {
    sentence: 'A proxy replaces the Host header, so Latchkey cannot know which workspace is meant.',
    cure: 'Pass it unchanged. nginx: proxy_set_header Host $http_host;',
  },
  host_unknown: {
    sentence: 'Latchkey answers here, but this host belongs to no workspace.',
    cure: 'Add it: latchkey host add APP_ID https://help.example.com',
  },
  address_differs: {
    sentence: 'The host is configured with another address than it is reached by, so its cookies and links are wrong.',
    cure: 'Add the public address, scheme and port included (latchkey host add), and retire the other one (latchkey host retire).',
  },
  set_cookie_dropped: {
    sentence: 'Set-Cookie is dropped on the way, so the browser never gets its session.',
    cure: 'Let the proxy pass Set-Cookie. nginx: remove proxy_hide_header Set-Cookie and proxy_ignore_headers Set-Cookie.',
  },
  set_cookie_changed: {
    sentence: 'Set-Cookie is changed on the way, so browsers refuse the cookie.',
    cure: 'Let it pass as it is. nginx: remove proxy_cookie_domain, proxy_cookie_path and proxy_cookie_flags.',
  },
  cookie_dropped: {
    sentence: 'Cookie is dropped on the way, so Latchkey never sees the session.',
    cure: 'Forward Cookie to Latchkey. nginx: remove proxy_set_header Cookie; a CDN: forward all cookies for this host.',
  },
  pages_cached: {
    sentence: 'Pages are cached on the way, so a reader sees what was made for somebody else.',
    cure: 'Obey Cache-Control: no proxy_ignore_headers Cache-Control, no rule that caches HTML.',
  },
  headers_stripped: {
    sentence: 'Headers of Latchkey are removed or replaced on the way.',
    cure: 'Let all response headers pass: remove proxy_hide_header and rules that rewrite these headers.',
  },
  origin_stripped: {
    sentence: 'The Origin header is dropped on the way, so the app’s pages cannot be told from others.',
    cure: 'Forward Origin. CloudFront: forward it in the origin request policy; nginx: remove proxy_set_header Origin.',
  },
  cors_headers_dropped: {
    sentence: 'The CORS answer is dropped or made by the proxy, so the browser refuses the boot.',
    cure: 'Pass OPTIONS requests to Latchkey, and let Access-Control-* pass; do not add your own.',
  },
  post_refused: {
    sentence: 'POST requests do not reach Latchkey, so no boot can.',
    cure: 'Let all methods pass, GET, HEAD, OPTIONS, POST, PUT and DELETE, with bodies up to 256 kB and no challenge on /messenger/.',
  },
  query_dropped: {
    sentence: 'The query string is dropped on the way, so links that sign in, search and return_to do not work.',
    cure: 'Forward query strings. nginx: no rewrite that ends in “?”; CloudFront: forward all of them.',
  },
  long_address_refused: {
    sentence: 'Addresses of 6 kB do not pass, so a token in an address may not arrive.',
    cure: 'nginx: large_client_header_buffers 4 32k; or send tokens to /login/jwt by form POST.',
  },
  proxy_not_trusted: {
    sentence: 'A proxy says whom it speaks for, but Latchkey does not trust it, so all readers share one limit.',
    cure: 'Name its address: LATCHKEY_TRUSTED_PROXIES=127.0.0.1',
  },
  origin_not_listed: {
    sentence: 'The app’s origin is not listed, so its pages may not boot the Messenger.',
    cure: 'List it exactly, scheme and port included: latchkey origin add APP_ID https://app.example.com',
  },
  loader_not_served: {
    sentence: 'The loader /messenger.js does not arrive as it was sent.',
    cure: 'Let /messenger.js pass unchanged; switch off rules that rewrite or challenge scripts.',
  },
  frame_forbidden: {
    sentence: 'Something in front of Latchkey forbids the app’s pages to show the Messenger’s frame, so its box stays empty.',
    cure: 'Add no Content-Security-Policy or X-Frame-Options of your own on the support host; Latchkey lists the origins that may frame it.',
  },
  cookie_not_returned: {
    sentence: 'Boots set a cookie, but page loads on the support host do not bring it back.',
    cure: 'Run latchkey doctor: it tells whether Set-Cookie or Cookie is lost. Where both pass, the browser blocks cookies.',
  },
  app_clock_ahead: {
    sentence: 'The clock of the app is ahead of Latchkey’s, so its tokens are refused as not yet valid.',
    cure: 'Set the clock of the server that signs (NTP). Tokens may be 60 seconds off.',
  },
  app_clock_behind: {
    sentence: 'The clock of the app is behind Latchkey’s, so its tokens expire before they are used.',
    cure: 'Set the clock of the server that signs (NTP). Tokens may be 60 seconds off.',
  },
  support_clock_off: {
    sentence: 'Latchkey’s clock and the clock of this machine disagree.',
    cure: 'Set the clock of the machine that is wrong (NTP).',
  },
  login_url_missing: {
    sentence: 'There is no Login URL, so a signed-out reader of a protected page cannot get in by themselves.',
    cure: 'Set one: latchkey workspace set APP_ID --login-url https://app.example.com/login',
  },
  login_url_not_reached: {
    sentence: 'The Login URL does not answer.',
    cure: 'Correct the address, or start what serves it.',
  },
  login_url_fails: {
    sentence: 'The Login URL answers with an error.',
    cure: 'It must show your login page, or send a logged-in user back through /login/jwt.',
  },
  login_url_loops: {
    sentence: 'The Login URL leads straight back to the support host without a token.',
    cure: 'It must sign a JWT and send it to /login/jwt with return_to and state.',
  },
  redirects_followed: {
    sentence: 'Redirects are followed on the way, so the browser never gets to the Login URL, nor back from it.',
    cure: 'Let 3xx answers pass to the browser as they are: no proxy_intercept_errors for them, no “follow redirects” in the CDN.',
  },
  portal_off: {
    sentence: 'The Tickets Portal is switched off.',
    cure: 'Switch it on: latchkey workspace set APP_ID --portal on',
  },
} as const satisfies Record<string, Fault>

export type FaultCode = keyof typeof faults
