import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const parts = ['constants', 'instance-manager', 'index']

/** The official npm loader as one ES module. A real app leaves this to its bundler. */
export function messengerJsSdk() {
  const folder = dirname(createRequire(import.meta.url).resolve('@intercom/messenger-js-sdk'))
  const modules = parts.map((name) => {
    const source = readFileSync(join(folder, `${name}.js`), 'utf8')
    return `modules['./${name}'] = {};\n(function (exports) {\n${source}\n})(modules['./${name}']);`
  })
  return [
    'const modules = {};',
    'const require = (name) => modules[name];',
    ...modules,
    `export const { Intercom, boot, update, shutdown, show, hide, onShow, onHide } = modules['./index'];`,
  ].join('\n')
}
