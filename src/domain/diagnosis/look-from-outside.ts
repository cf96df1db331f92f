import { wrong, type Finding, type Look } from './findings.ts'
import { lookAtFrame } from './look-at-frame.ts'
import { judgeSite, lookAtClocks, lookAtPost, lookAtPreflight } from './look-at-app.ts'
import { lookAtBoot } from './look-at-boot.ts'
import { judgeHeaders, judgeSetCookie, lookAtCaches, lookAtCookie } from './look-at-cookies.ts'
import { askProbe, judgeHost, judgeTrust, lookAtAddresses, lookAtLoader, lookAtRedirect, readProbe } from './look-at-host.ts'
import { lookAtLoginUrl } from './look-at-login-url.ts'

/** Looks at a support host as a browser would reach it, through whatever stands in front. What cannot be judged is left out; with a `token` it signs in and out again. */
export async function lookFromOutside(look: Look, { token }: { token?: string | undefined } = {}): Promise<Finding[]> {
  const { origin } = new URL(look.app ?? look.host)
  const first = await askProbe(look, { origin })
  const found = judgeHost(look, first)
  const probe = readProbe(first)
  if (!first.ok || !probe || !probe.host_matches || probe.origin === null) return [...found, ...judgeSite(look)]
  const [redirect, loader, frame, preflight, post, address, cookie, cache, clocks, loginUrl] = await Promise.all([
    lookAtRedirect(look),
    lookAtLoader(look),
    lookAtFrame(look),
    lookAtPreflight(look),
    lookAtPost(look),
    lookAtAddresses(look, probe),
    lookAtCookie(look, probe),
    lookAtCaches(look),
    lookAtClocks(look, probe.at),
    lookAtLoginUrl(look),
  ])
  // Latchkey itself lets no other page frame the Messenger: that is one fault, not two.
  const isListed = preflight.every(({ code }) => code !== 'origin_not_listed')
  const boot = token === undefined ? [] : await lookAtBoot(look, token, probe.at)
  return [
    ...[...found, ...redirect, ...loader, ...(isListed ? [frame] : [])],
    ...(probe.origin_header_arrived ? preflight : [originStripped(look)]),
    ...[post, address, judgeSetCookie(first, probe), cookie, cache, judgeHeaders(first), ...judgeTrust(probe)],
    ...[...judgeSite(look), ...clocks, ...loginUrl, ...boot],
  ]
}

function originStripped({ app, host }: Look): Finding {
  return wrong('preflight', 'origin_stripped', `Origin: ${new URL(app ?? host).origin} was sent, and Latchkey received none.`)
}
