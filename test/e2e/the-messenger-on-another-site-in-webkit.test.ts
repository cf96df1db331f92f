import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { reasonToSkip } from './reason-to-skip.ts'
import { eventually } from './stage.ts'
import { openTwoSites, type TwoSites } from './two-sites.ts'
import { startWebKit, type WebKit } from './webkit.ts'

const HELP = 'help.vendor.test'
const APP = 'app.acme.test'

for (const [setting, words] of [
  ['as it comes, without third-party cookies', []],
  ['with Intelligent Tracking Prevention', ['--enable-itp']],
] as const)
  suite(`WebKitGTK ${setting}`, { skip: reasonToSkip('WebKitWebDriver', 'webkit2gtk-driver') || reasonToSkip('Xvfb', 'xvfb') }, () => {
    const up: { sites?: TwoSites; webkit?: WebKit } = {}
    before(async () => {
      up.sites = await openTwoSites([HELP])
      up.webkit = await startWebKit(words)
    })
    after(async () => {
      await up.webkit?.close()
      await up.sites?.close()
    })

    test('knows the user, opens the Help Center signed in, and a shutdown ends both', async () => {
      const { sites, webkit } = up
      assert.ok(sites && webkit)
      const shows = async (text: string) => (await webkit.evaluate<string>('document.body?.textContent ?? ""')).includes(text)
      await webkit.go(`${sites.app}/?as=ada`)
      await eventually(() => webkit.evaluate(`window.Intercom?.('whoami')?.user_id ?? null`), 'ada')
      await webkit.evaluate(`void Intercom('show')`)
      await webkit.enterFrame()
      await eventually(() => shows('For users'), true)
      await webkit.click('For users')
      await eventually(() => shows('Only for you.'), true)
      await webkit.click('Open in the Help Center')
      await eventually(async () => /\/en\/articles\/\d+-for-users$/.test((await webkit.switchTo(HELP)) ?? ''), true)
      await eventually(() => shows('Ada Lovelace'), true)
      await webkit.switchTo(APP)
      await webkit.leaveFrame()
      await webkit.evaluate(`void Intercom('shutdown')`)
      await webkit.switchTo(HELP)
      await eventually(async () => {
        await webkit.go(`${sites.at(HELP)}/login/status`)
        return shows('You are not signed in')
      }, true)
    })
  })
