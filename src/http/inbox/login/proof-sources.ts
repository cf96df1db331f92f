import type { ProofSources } from '#domain/workspaces/unproved-hosts.ts'
import type { App } from '#http/app-types.ts'

const MOST_BYTES = 4096
const PATIENCE_MS = 6000

/** The DNS and the web, as the installation was handed them. */
export function proofSourcesOf({ findTxt, httpClient }: App): ProofSources {
  return {
    findTxt,
    async fetchText(url) {
      const answer = await httpClient.fetch(url, { maxBytes: MOST_BYTES, timeoutMs: PATIENCE_MS })
      if (!answer.ok) throw new Error(answer.detail)
      if (answer.status !== 200) throw new Error(`It answers ${answer.status}.`)
      return answer.body.toString('utf8')
    },
  }
}
