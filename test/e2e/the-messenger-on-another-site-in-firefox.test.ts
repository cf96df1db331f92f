import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startFirefox, type Firefox, type Place } from './firefox.ts'
import { reasonToSkip } from './reason-to-skip.ts'
import { eventually } from './stage.ts'
import { openTwoSites, type TwoSites } from './two-sites.ts'

const HELP = 'help.vendor.test'

for (const [setting, preferences] of [
  ['as it comes, with Total Cookie Protection', {}],
  ['that refuses every third-party cookie', { 'network.cookie.cookieBehavior': 1 }],
] as const)
  suite(`Firefox ${setting}`, { skip: reasonToSkip('firefox-esr') }, () => {
    const up: { sites?: TwoSites; firefox?: Firefox } = {}
    before(async () => {
      up.sites = await openTwoSites([HELP])
      up.firefox = await startFirefox(['app.acme.test', HELP], preferences)
    })
    after(async () => {
      await up.firefox?.close()
      await up.sites?.close()
    })

    test('knows the user, and opens the Help Center signed in', async () => {
      const { sites, firefox } = up
      assert.ok(sites && firefox)
      const tab = await firefox.openTab(`${sites.app}/?as=ada`)
      await eventually(() => firefox.evaluate(tab, `Intercom('whoami')?.user_id ?? null`), 'ada')
      await firefox.evaluate(tab, `void Intercom('show')`)
      const frameOf = async () =>
        (await firefox.places()).find(({ context }) => context === tab)?.children.find(({ url }) => url.includes('/messenger/frame'))
      await eventually(async () => (await frameOf()) !== undefined, true)
      const frame = (await frameOf()) as Place
      const text = () => firefox.evaluate<string>(frame.context, `document.body?.innerText ?? ''`)
      await eventually(async () => (await text()).includes('For users'), true)
      const click = (name: string) =>
        firefox.evaluate(
          frame.context,
          `void [...document.querySelectorAll('button, a')].find((one) => (one.ariaLabel ?? one.innerText).includes(${JSON.stringify(name)})).click()`,
        )
      await click('For users')
      await eventually(async () => (await text()).includes('Only for you.'), true)
      await click('Open in the Help Center')
      const helpTab = async () => (await firefox.places()).find(({ url }) => url.includes('/en/articles/'))
      await eventually(async () => (await helpTab()) !== undefined, true)
      const help = (await helpTab()) as Place
      assert.match(help.url, /\/en\/articles\/\d+-for-users$/)
      // The address is there before the page is.
      const page = () => firefox.evaluate<string | null>(help.context, 'document.body?.textContent ?? null').catch(() => null)
      await eventually(async () => (await page())?.includes('Ada Lovelace') ?? false, true)
      await firefox.evaluate(tab, `void Intercom('shutdown')`)
      const typed = await firefox.openTab(`${sites.at(HELP)}/login/status`)
      await eventually(async () => {
        await firefox.evaluate(typed, 'void location.reload()').catch(() => {})
        return (await firefox.evaluate<string>(typed, `document.body?.textContent ?? ''`).catch(() => '')).includes('You are not signed in')
      }, true)
    })
  })
