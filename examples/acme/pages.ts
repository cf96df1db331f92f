import { config } from './config.ts'
import { anonymousBoot, callbackBoot, npmBoot, promiseBoot, settingsBoot } from './boots.ts'
import { escape, layout } from './layout.ts'
import type { Person } from './people.ts'

const { company, helpUrl } = config

export function homePage(person: Person) {
  const main = `
    <p class="eyebrow">${escape(person.company.name)} · plan ${escape(person.company.plan)}</p>
    <h1>Good to see you, ${escape(person.name.split(' ')[0] ?? person.name)}.</h1>
    <p class="lead">Your engines are running. If one of them stops, ask us: the button is in the corner.</p>
    <ul class="tiles">
      <li><b>12</b> engines</li>
      <li><b>99.98 %</b> on time</li>
      <li><b>3</b> cards waiting</li>
    </ul>
    <h2>Help</h2>
    <ul class="links">
      <li><a href="${escape(helpUrl)}/">Help Center</a> a plain link: you are signed in there already</li>
      <li><a href="${escape(helpUrl)}/tickets">Your tickets</a> and those of ${escape(person.company.name)}</li>
      <li><a href="/open-help?to=/tickets">Open with a fresh token</a> signs a JWT and posts it: works with no script on the page</li>
    </ul>`
  return layout({ title: 'Dashboard', main, person, head: promiseBoot() })
}

export function callbackPage(person: Person) {
  const main = explain(
    'Written with callbacks',
    'The page asks for its token with XMLHttpRequest and boots in the callback.',
    callbackBoot(),
  )
  return layout({ title: 'Callbacks', main, person, head: callbackBoot() })
}

export function settingsPage(person: Person, jwt: string) {
  const shown = settingsBoot(person, '…the signed token…')
  const main = explain(
    'window.intercomSettings',
    'The server writes the settings into the page; the usual snippet queues calls until the script is there.',
    shown,
  )
  return layout({ title: 'Settings object', main, person, head: settingsBoot(person, jwt) })
}

export function npmPage(person: Person) {
  const main = explain('The official npm loader', '@intercom/messenger-js-sdk, unchanged, with widgetUrl.', npmBoot())
  return layout({ title: 'npm loader', main, person, head: npmBoot() })
}

export function anonymousPage() {
  const main = `
    <p class="eyebrow">${escape(company)}</p>
    <h1>Computing by steam, on time.</h1>
    <p class="lead">Tables of logarithms, sines and tides, without a single slip of the pen. Questions? We answer visitors too.</p>
    <p><a class="button" href="/login">Log in</a> <a href="${escape(helpUrl)}/">Help Center</a></p>`
  return layout({ title: 'Welcome', main, head: anonymousBoot() })
}

export function loginPage(people: Person[], next: string, problem = '') {
  const rows = people.map(
    ({ name, email, password, company: { name: firm, plan } }) => `
      <tr><th scope="row">${escape(name)}<small>${escape(firm)}, ${escape(plan)}</small></th>
      <td><code>${escape(email)}</code><code>${escape(password)}</code></td></tr>`,
  )
  const main = `
    <section class="card">
      <h1>Log in to ${escape(company)}</h1>
      ${problem && `<p class="problem" role="alert">${escape(problem)}</p>`}
      <form method="post" action="/login">
        <input type="hidden" name="next" value="${escape(next)}">
        <label>E-mail <input type="email" name="email" autocomplete="username" required autofocus></label>
        <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
        <button>Log in</button>
      </form>
    </section>
    <section class="card">
      <h2>People you can be</h2>
      <p>An example app has no secrets: these are its users.</p>
      <table>${rows.join('')}</table>
    </section>`
  return layout({ title: 'Log in', main })
}

/**
 * Posts the token instead of putting it into an address, so that it stays out of logs and histories.
 * The page must not be sent with `Referrer-Policy: no-referrer`: the browser would then post `Origin: null`.
 */
export function handOverPage(fields: Record<string, string>) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`)
  const main = `
    <section class="card">
      <h1>To the Help Center</h1>
      <p>One moment, we are signing you in there.</p>
      <form id="hand-over" method="post" action="${escape(helpUrl)}/login/jwt">${inputs.join('')}<button>Continue</button></form>
      <script>document.getElementById('hand-over').submit()</script>
    </section>`
  return layout({ title: 'To the Help Center', main })
}

function explain(title: string, sentence: string, code: string) {
  return `
    <p class="eyebrow">Another spelling, the same login</p>
    <h1>${escape(title)}</h1>
    <p class="lead">${escape(sentence)}</p>
    <pre><code>${escape(code.trim())}</code></pre>`
}
