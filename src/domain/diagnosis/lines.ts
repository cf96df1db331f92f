import type { ChecklistId, ChecklistLine, CheckState, Evidence } from '#shared/diagnosis.ts'
import { errors, type ErrorCode } from '#errors'
import { faults, type FaultCode } from './faults.ts'

/** One thing seen that speaks for or against a line. */
export interface Part {
  state: CheckState
  /** A fault, or the code of a refused token. */
  code: FaultCode | ErrorCode | null
  evidence: Evidence
}

/** Titles say what is true when all is well; each has a heading in docs/login.md. */
const LINES: Record<ChecklistId, { title: string; docs: string }> = {
  messenger: { title: 'The Messenger boots with a valid token', docs: 'the-messenger-boots' },
  secret: { title: 'The secret is live and enforced', docs: 'the-secret-is-live-and-enforced' },
  https: { title: 'The support host has HTTPS', docs: 'the-support-host-has-https' },
  site: { title: 'App and support host are one site', docs: 'app-and-support-host-are-one-site' },
  cookie: { title: 'The cookie makes its round trip', docs: 'the-cookie-makes-its-round-trip' },
  proxy: { title: 'Nothing on the way strips or caches', docs: 'nothing-on-the-way-strips-or-caches' },
  clock: { title: 'The clocks agree', docs: 'the-clocks-agree' },
  login_url: { title: 'The Login URL answers and returns', docs: 'the-login-url-answers-and-returns' },
  portal: { title: 'The portal is on', docs: 'the-portal-is-on' },
}
/** What is known to be wrong counts most; what is known to be right counts more than what is not known. */
const WEIGHT: readonly CheckState[] = ['unknown', 'ok', 'warn', 'fail']

export function toLine(id: ChecklistId, parts: Part[]): ChecklistLine {
  const worst = parts.reduce<Part | undefined>(
    (worst, part) => (!worst || WEIGHT.indexOf(part.state) > WEIGHT.indexOf(worst.state) ? part : worst),
    undefined,
  )
  const { title, docs } = LINES[id]
  const code = worst?.code ?? null
  const { sentence, cure } = code === null ? { sentence: null, cure: null } : explain(code)
  return {
    ...{ id, state: worst?.state ?? 'unknown', title, code, sentence, cure },
    evidence: [...(worst ? [worst] : []), ...parts.filter((part) => part !== worst)].map((part) => part.evidence),
    docs: `login.md#${docs}`,
  }
}

/** The sentence and the cure of a fault or of a refusal. */
export function explain(code: FaultCode | ErrorCode): { sentence: string; cure: string } {
  return code in faults ? faults[code as FaultCode] : errors[code as ErrorCode]
}

/** The heading of docs/login.md that explains a line. */
export function docsOf(id: ChecklistId): string {
  return `login.md#${LINES[id].docs}`
}
