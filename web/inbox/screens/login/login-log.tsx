import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { LoginLogAnswer, LoginLogFacets, LoginLogRow } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { failureOf, type ApiFailure } from '#web/ui/api-failure.ts'
import { Button } from '#web/ui/button.tsx'
import { SelectField, Switch, TextField } from '#web/ui/field.tsx'
import { Empty, Failed, Skeleton } from '#web/ui/states.tsx'
import { useLive } from './live.ts'
import { LoginLogLines, sayOutcome } from './login-log-lines.tsx'

const REFRESH_MS = 2000
const MOST_SHOWN = 500
const TYPED_MS = 400
const FIELDS = ['outcome', 'code', 'door', 'origin', 'kid'] as const
const TITLES: Record<(typeof FIELDS)[number], string> = { outcome: 'Outcome', code: 'Code', door: 'Door', origin: 'Origin', kid: 'Key' }

type Filter = Partial<Record<(typeof FIELDS)[number] | 'user_id', string>>

/** The last login decisions, live: what came since is asked for every two seconds. */
export function LoginLogTab() {
  const [filter, setFilter] = useState<Filter>(readFilter)
  const [isLive, setLive] = useState(true)
  const [round, setRound] = useState(0)
  const { rows, hasMore, failure, refresh, older } = useLoginLog(filter)
  useLive(async () => isLive && refresh(), REFRESH_MS)
  const change = (next: Filter) => {
    setFilter(next)
    history.replaceState(null, '', `${location.pathname}${search(next)}`)
  }
  return (
    <div class="stack">
      <Filters key={round} filter={filter} rows={rows ?? []} onChange={change} />
      <div class="log-head">
        <Switch label="Live" name="live" isOn={isLive} onChange={setLive} />
        {Object.keys(filter).length > 0 && (
          <Button
            look="quiet"
            onClick={() => {
              change({})
              setRound(round + 1)
            }}
          >
            Clear filters
          </Button>
        )}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void refresh()} />}
      {!failure && rows === undefined && <Skeleton />}
      {rows?.length === 0 && (
        <Empty icon="list" title={Object.keys(filter).length > 0 ? 'Nothing like that' : 'Nobody has knocked yet'}>
          <p>Every login and every refusal appears here, within two seconds, with its precise cause.</p>
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && <LoginLogLines rows={rows} />}
      {hasMore && (
        <div class="actions">
          <Button onClick={older}>Older</Button>
        </div>
      )}
    </div>
  )
}

function useLoginLog(filter: Filter) {
  const [rows, setRows] = useState<LoginLogRow[]>()
  const [hasMore, setMore] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const query = search(filter)
  useEffect(() => {
    let isOver = false
    setRows(undefined)
    ask(query).then(
      (answer) => {
        if (isOver) return
        setRows(answer.rows)
        setMore(answer.hasMore)
        setFailure(undefined)
      },
      (error: unknown) => !isOver && setFailure(failureOf(error)),
    )
    return () => void (isOver = true)
  }, [query])
  const refresh = useCallback(async () => {
    const newest = rows?.[0]?.id ?? 0
    const answer = await ask(query, `after=${newest}`)
    setFailure(undefined)
    setRows((now = []) => ((now[0]?.id ?? 0) === newest ? [...answer.rows, ...now].slice(0, MOST_SHOWN) : now))
  }, [query, rows])
  const older = useCallback(async () => {
    const answer = await ask(query, `before=${rows?.at(-1)?.id ?? 0}`)
    setRows((now = []) => [...now, ...answer.rows])
    setMore(answer.hasMore)
  }, [query, rows])
  return { rows, hasMore, failure, refresh, older }
}

async function ask(query: string, more?: string): Promise<LoginLogAnswer> {
  const joined = [query.slice(1), more].filter(Boolean).join('&')
  return api<LoginLogAnswer>('GET', `/app/login/log${joined && `?${joined}`}`)
}

function Filters({ filter, rows, onChange }: { filter: Filter; rows: LoginLogRow[]; onChange: (filter: Filter) => void }) {
  const [facets, setFacets] = useState<LoginLogFacets>()
  useEffect(() => void api<LoginLogFacets>('GET', '/app/login/log/facets').then(setFacets, () => undefined), [])
  const set = (field: keyof Filter, value: string) => {
    const { [field]: _before, ...rest } = filter
    onChange(value === '' ? rest : { ...rest, [field]: value })
  }
  return (
    <form class="filters" role="search" aria-label="Login log" onSubmit={(event) => event.preventDefault()}>
      {FIELDS.map((field) => (
        <SelectField
          key={field}
          label={TITLES[field]}
          name={field}
          value={filter[field] ?? ''}
          options={[
            { value: '', label: 'any' },
            ...choices([facets?.[field], rows.map((row) => row[field]), filter[field]]).map((value) => ({
              value,
              label: field === 'outcome' ? sayOutcome(value) : value,
            })),
          ]}
          onChange={(value) => set(field, value)}
        />
      ))}
      <UserFilter value={filter.user_id ?? ''} onChange={(value) => set('user_id', value)} />
    </form>
  )
}

/** Asks once the typing stops; it keeps its focus meanwhile. */
function UserFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const latest = useRef(onChange)
  latest.current = onChange
  const later = (typed: string) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => latest.current(typed.trim()), TYPED_MS)
  }
  return <TextField label="user_id" name="user_id" type="search" isOptional isCode value={value} onInput={later} />
}

/** What occurred so far, what came since, and what was chosen, also where it occurs no more. */
function choices(found: (string | undefined | (string | null)[])[]): string[] {
  return [...new Set(found.flat().filter((value) => typeof value === 'string'))].toSorted()
}

function readFilter(): Filter {
  const asked = new URLSearchParams(location.search)
  return Object.fromEntries([...FIELDS, 'user_id'].flatMap((field) => (asked.get(field) ? [[field, asked.get(field)]] : []))) as Filter
}

function search(filter: Filter): string {
  const text = new URLSearchParams(filter).toString()
  return text && `?${text}`
}
