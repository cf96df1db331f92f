import type { TokenTestAnswer } from '#shared/login-settings.ts'
import { Icon } from '#web/ui/icons.tsx'

type Rule = TokenTestAnswer['rules'][number]

const STATES: Record<Rule['state'], { icon: 'check' | 'close' | 'dots'; says: string }> = {
  passed: { icon: 'check', says: 'passed' },
  failed: { icon: 'close', says: 'failed' },
  not_reached: { icon: 'dots', says: 'not reached' },
}

/** What the door would say, every rule ticked or crossed, and the first failure explained. */
export function Verdict({ answer }: { answer: TokenTestAnswer }) {
  return (
    <div class="stack verdict" role="status" aria-label="Verdict">
      {answer.accepted ? <Accepted answer={answer} /> : <Refused answer={answer} />}
      <ol class="rules">
        {answer.rules.map(({ rule, says, state }) => (
          <li key={rule} data-state={state}>
            <Icon name={STATES[state].icon} />
            <span>
              {says}
              <span class="unseen"> ({STATES[state].says})</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

const Accepted = ({ answer: { user_id, kid, key_name, advice } }: { answer: TokenTestAnswer }) => (
  <div class="verdict-head" data-state="passed">
    <h3>Accepted</h3>
    <p>
      It signs in the user <code>{user_id}</code>, with the key “{key_name}” (<code>{kid}</code>).
    </p>
    <Sentences texts={advice} />
  </div>
)

const Refused = ({ answer: { sentence, code, cure, hints, kid, key_name } }: { answer: TokenTestAnswer }) => (
  <div class="verdict-head" data-state="failed">
    <h3>Refused: {sentence}</h3>
    <Sentences texts={hints} />
    <p class="cure">
      <b>Cure</b> {cure}
    </p>
    <p class="small quiet">
      <code>{code}</code>
      {kid !== null && (
        <>
          {' '}
          · signed with “{key_name}” (<code>{kid}</code>)
        </>
      )}
    </p>
  </div>
)

const Sentences = ({ texts }: { texts: string[] }) => (
  <>
    {texts.map((text) => (
      <p key={text}>{text}</p>
    ))}
  </>
)
