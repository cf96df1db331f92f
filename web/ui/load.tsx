import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { api } from './api.ts'
import { failureOf, type ApiFailure } from './api-failure.ts'
import { Failed, Skeleton } from './states.tsx'

export interface Load<Answer> {
  answer: Answer | undefined
  failure: ApiFailure | undefined
  reload: () => Promise<void>
}

/** What a GET below `/app` answers, asked when the page opens and on every `reload`. */
export function useLoad<Answer>(path: string): Load<Answer> {
  const [answer, setAnswer] = useState<Answer>()
  const [failure, setFailure] = useState<ApiFailure>()
  const reload = useCallback(async () => {
    await api<Answer>('GET', path).then(
      (answer) => {
        setAnswer(answer)
        setFailure(undefined)
      },
      (error: unknown) => setFailure(failureOf(error)),
    )
  }, [path])
  useEffect(() => void reload(), [reload])
  return { answer, failure, reload }
}

/** Skeleton, failure or the thing itself. What was shown stays while it is asked again. */
export function Loaded<Answer>({ load, children }: { load: Load<Answer>; children: (answer: Answer) => ComponentChildren }) {
  if (load.failure) return <Failed failure={load.failure} onRetry={() => void load.reload()} />
  if (load.answer === undefined) return <Skeleton />
  return <>{children(load.answer)}</>
}
