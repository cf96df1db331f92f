import { decodeToken } from './decode-token.ts'

const TIMES = new Set(['exp', 'nbf', 'iat', 'created_at'])
/** Beyond this a number of seconds is one of milliseconds. */
const MILLISECONDS_FROM = 1e11

/** The token as it can be read without any key. */
export function Decoded({ token }: { token: string }) {
  const { header, payload } = decodeToken(token)
  return (
    <div class="stack tight decoded">
      <Part title="Header" value={header} />
      <Part title="Payload" value={payload} />
    </div>
  )
}

function Part({ title, value }: { title: string; value: Record<string, unknown> | undefined }) {
  return (
    <div>
      <h3>{title}</h3>
      {value === undefined ? (
        <p class="quiet">Cannot be read as JSON.</p>
      ) : (
        <dl class="claims">
          {Object.entries(value).map(([name, claim]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{JSON.stringify(claim)}</code>
                {TIMES.has(name) && typeof claim === 'number' && <span class="quiet small">{moment(claim)}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

function moment(seconds: number): string {
  if (seconds > MILLISECONDS_FROM) return 'that is in milliseconds'
  const away = seconds - Date.now() / 1000
  const [unit, size] =
    Math.abs(away) > 172_800 ? (['day', 86_400] as const) : Math.abs(away) > 7200 ? (['hour', 3600] as const) : (['minute', 60] as const)
  const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(away / size), unit)
  return `${new Date(seconds * 1000).toLocaleString()} · ${ago}`
}
