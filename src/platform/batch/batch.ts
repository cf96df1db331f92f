/** Collects small writes and hands them over together, at most `delay` milliseconds later. */
export interface Batch<T> {
  add(item: T): void
  flush(): Promise<void>
}

/** Written as soon as so many wait: one write of thousands would stand in everybody's way, and may have more values than a statement takes. */
const PORTION = 25

/** At `limit` waiting items the oldest are dropped: a batch is for what may be lost, never for a person's words. */
export function openBatch<T>(
  write: (items: T[]) => Promise<void>,
  { delay, limit, onError }: { delay: number; limit: number; onError: (error: unknown) => void },
): Batch<T> {
  const waiting: T[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  const writeWhile = async (least: number) => {
    while (waiting.length >= least) await write(waiting.splice(0, PORTION)).catch(onError)
  }
  const start = (least: number) => {
    clearTimeout(timer)
    timer = undefined
    writing ??= writeWhile(least).finally(() => {
      writing = undefined
      plan()
    })
    return writing
  }
  const plan = () => {
    if (writing || waiting.length === 0) return
    if (waiting.length >= PORTION) void start(PORTION)
    else timer ??= setTimeout(() => void start(1), delay).unref()
  }
  return {
    add(item) {
      if (waiting.length >= limit) waiting.shift()
      waiting.push(item)
      plan()
    },
    async flush() {
      if (writing) await writing
      if (waiting.length > 0) await start(1)
    },
  }
}
