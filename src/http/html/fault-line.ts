import type { FastifyRequest } from 'fastify'
import { errors, type ErrorCode } from '#errors'
import { html, type Html } from '#platform/html/html.ts'

/** Below what a refusal tells its reader, for whoever runs the site: its code, in English what that means, and the request; in test mode also the cure. */
export function faultLine(
  { id, workspace }: FastifyRequest,
  code: ErrorCode,
  { sentence, cure }: { sentence?: string | undefined; cure?: string | undefined } = {},
): Html {
  const isTest = workspace?.test_mode === 1
  return html`<div class="fault-line"><p lang="en" dir="ltr"><code>${code}</code> ${sentence ?? errors[code].sentence}</p>
${isTest ? html`<p lang="en" dir="ltr">${cure ?? errors[code].cure}</p>` : null}
<p dir="ltr"><code>${id}</code></p></div>`
}
