import assert from 'node:assert/strict'
import axe, { type AxeResults } from 'axe-core'
import type { Frame, Page } from 'playwright-core'

/** What axe-core finds in a document, serious faults only: rule and element. */
export async function faultsIn(place: Page | Frame): Promise<string[]> {
  await place.evaluate(axe.source)
  const { violations, passes } = await place.evaluate<AxeResults>('axe.run(document, { iframes: false })')
  assert.ok(passes.length > 5, 'axe looked at something')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`))
}
