interface Policies {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): { createHTML(html: string): string }
}

const { trustedTypes } = window as { trustedTypes?: Policies }

/** The one Trusted Types policy of the frame; the server's CSP names it: `trusted-types latchkey`. */
const policy = trustedTypes?.createPolicy('latchkey', { createHTML: (html) => html })

const FORBIDDEN =
  'script,style,link,meta,base,template,object,embed,applet,form,input,button,textarea,select,frame,frameset,noscript,math,svg'
const LINKS = /^(https?:|mailto:|tel:|\/|#)/i
const IMAGES = /^(https?:|\/|data:image\/(png|jpe?g|gif|webp|avif);)/i

/** Server-sanitised HTML as nodes. Parsed in a document without scripts, and scrubbed once more on the way. */
export function parseHtml(html: string): DocumentFragment {
  const inert = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, 'text/html')
  for (const element of inert.querySelectorAll(FORBIDDEN)) element.remove()
  for (const element of inert.body.querySelectorAll('*')) scrub(element)
  const fragment = document.createDocumentFragment()
  fragment.append(...inert.body.childNodes)
  return fragment
}

function scrub(element: Element) {
  for (const { name, value } of [...element.attributes]) {
    const isBad =
      name.startsWith('on') ||
      ['style', 'srcdoc', 'srcset', 'formaction'].includes(name) ||
      (name === 'href' && !LINKS.test(value.trim())) ||
      (name === 'src' && !IMAGES.test(value.trim()))
    if (isBad) element.removeAttribute(name)
  }
  if (element.localName === 'a') {
    element.setAttribute('target', '_blank')
    element.setAttribute('rel', 'noopener noreferrer')
  }
  if (element.localName === 'pre') element.setAttribute('tabindex', '0')
  if (element.localName === 'img') element.setAttribute('loading', 'lazy')
  if (element.localName === 'iframe') element.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-presentation')
}

/** The words of a message, for a preview line. */
export const toText = (html: string) =>
  (parseHtml(html.replace(/<(br|\/p|\/li|\/div)\b/gi, ' <$1')).textContent ?? '').replace(/\s+/g, ' ').trim()
