import { config } from './config.ts'
import { escape, script } from './layout.ts'
import type { Person } from './people.ts'

const { appId, helpUrl } = config
const loader = `<script src="${escape(helpUrl)}/messenger.js" defer></script>`

export function promiseBoot() {
  return `${loader}
<script type="module">
  const { intercomJwt, userId, email } = await (await fetch('/intercom/jwt')).json()
  Intercom('boot', { app_id: ${script(appId)}, user_id: userId, email, intercom_user_jwt: intercomJwt })
</script>`
}

export function callbackBoot() {
  return `${loader}
<script>
  var request = new XMLHttpRequest()
  request.open('GET', '/intercom/jwt')
  request.onload = function () {
    var user = JSON.parse(request.responseText)
    window.Intercom('boot', { app_id: ${script(appId)}, user_id: user.userId, email: user.email, intercom_user_jwt: user.intercomJwt })
    window.Intercom('onUnreadCountChange', function (count) {
      document.title = (count ? '(' + count + ') ' : '') + 'Callbacks'
    })
  }
  window.addEventListener('DOMContentLoaded', function () { request.send() })
</script>`
}

export function settingsBoot(person: Person, jwt: string) {
  return `<script>
  window.intercomSettings = {
    api_base: ${script(helpUrl)},
    app_id: ${script(appId)},
    user_id: ${script(person.user_id)},
    email: ${script(person.email)},
    intercom_user_jwt: ${script(jwt)}
  }
</script>
<script>
  (function(){var w=window;var ic=w.Intercom;if(typeof ic==="function"){ic('reattach_activator');ic('update',w.intercomSettings);}else{var d=document;var i=function(){i.c(arguments);};i.q=[];i.c=function(args){i.q.push(args);};w.Intercom=i;var l=function(){var s=d.createElement('script');s.type='text/javascript';s.async=true;s.src=${script(`${helpUrl}/widget/${appId}`)};var x=d.getElementsByTagName('script')[0];x.parentNode.insertBefore(s,x);};if(document.readyState==='complete'){l();}else if(w.attachEvent){w.attachEvent('onload',l);}else{w.addEventListener('load',l,false);}}})();
</script>`
}

export function npmBoot() {
  return `<script type="module">
  import { Intercom } from '/npm/messenger-js-sdk.js'
  const { intercomJwt, userId, email } = await (await fetch('/intercom/jwt')).json()
  Intercom({
    app_id: ${script(appId)},
    user_id: userId,
    email,
    intercom_user_jwt: intercomJwt,
    widgetUrl: ${script(`${helpUrl}/widget/${appId}`)},
  })
</script>`
}

export function anonymousBoot() {
  return `${loader}
<script type="module">
  Intercom('boot', { app_id: ${script(appId)} })
</script>`
}
