import { useEffect, useState } from 'preact/hooks'
import type { LoginPlatform, TokenTestAnswer } from '#shared/login-settings.ts'
import { can } from '#web/inbox/at-work.ts'
import { api } from '#web/ui/api.ts'
import { failureOf, type ApiFailure } from '#web/ui/api-failure.ts'
import { SelectField, TextField } from '#web/ui/field.tsx'
import { Notice } from '#web/ui/states.tsx'
import { PLATFORM_NAMES, PLATFORMS } from './platforms.ts'
import { SectionHead } from './section-head.tsx'
import { Decoded } from './token-decoded.tsx'
import { Verdict } from './token-verdict.tsx'
import { TryUser } from './try-user.tsx'

const WAIT_MS = 350
const DOORS = [
  { value: 'boot', label: "Intercom('boot')" },
  { value: 'login_jwt', label: '/login/jwt' },
  { value: 'access_jwt', label: '/access/jwt' },
  { value: 'cookie', label: 'the sign-in cookie' },
] as const

interface Question {
  token: string
  door: (typeof DOORS)[number]['value']
  platform: LoginPlatform
}

/** Paste a token: decoded here, judged by the server as the door would, without signing anybody in. */
export function TesterTab() {
  const [question, setQuestion] = useState<Question>({ token: '', door: 'boot', platform: 'web' })
  const [round, setRound] = useState(0)
  const { answer, failure } = useVerdict(question)
  const change = (change: Partial<Question>) => setQuestion({ ...question, ...change })
  return (
    <div class="stack wide">
      <section class="stack">
        <SectionHead title="Why is this token refused?">
          It is decoded in this browser. To be judged it goes to this server, which signs nobody in, and keeps and logs nothing of it.
        </SectionHead>
        <div class="tester" key={round}>
          <TextField
            label="User JWT"
            name="token"
            lines={4}
            isCode
            value={question.token}
            placeholder="eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…"
            onInput={(token) => change({ token })}
          />
          <div class="tester-side">
            <SelectField label="Door" name="door" value={question.door} options={DOORS} onChange={(door) => change({ door })} />
            <SelectField
              label="Platform"
              name="platform"
              value={question.platform}
              options={PLATFORMS.map((value) => ({ value, label: PLATFORM_NAMES[value] }))}
              onChange={(platform) => change({ platform })}
            />
          </div>
        </div>
        {failure && <Notice tone="danger">{failure.message}</Notice>}
        {question.token.trim() !== '' && (
          <div class="tested">
            <Decoded token={question.token} />
            {answer && <Verdict answer={answer} />}
          </div>
        )}
      </section>
      {can('secrets:write') && (
        <TryUser
          onToken={(token) => {
            change({ token })
            setRound(round + 1)
            scrollTo({ top: 0 })
          }}
        />
      )}
    </div>
  )
}

function useVerdict({ token, door, platform }: Question): { answer: TokenTestAnswer | undefined; failure: ApiFailure | undefined } {
  const [answer, setAnswer] = useState<TokenTestAnswer>()
  const [failure, setFailure] = useState<ApiFailure>()
  useEffect(() => {
    setFailure(undefined)
    if (token.trim() === '') return setAnswer(undefined)
    let isOver = false
    const ask = async () =>
      api<TokenTestAnswer>('POST', '/app/login/token-tests', { token, door, platform }).then(
        (answer) => !isOver && setAnswer(answer),
        (error: unknown) => !isOver && setFailure(failureOf(error)),
      )
    const timer = setTimeout(() => void ask(), WAIT_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [token, door, platform])
  return { answer, failure }
}
