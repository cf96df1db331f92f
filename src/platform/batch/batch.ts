/** Collects small writes and hands them over together, at most `delay` milliseconds later. */
export interface Batch<T> {
  add(item: T): void
  flush(): Promise<void>
}

/** One write of thousands would stand in everybody's way, and may have more values than a statement takes. */
const PORTION = 50

/** At `limit` waiting items the oldest are dropped: a batch is for what may be lost, never for a person's words. */
export function openBatch<T>(
  write: (items: T[]) => Promise<void>,
  { delay, limit, onError }: { delay: number; limit: number; onError: (error: unknown) => void },
): Batch<T> {
  let waiting: T[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const writeAll = async (items: T[]) => {
    for (let at = 0; at < items.length; at += PORTION) await write(items.slice(at, at + PORTION)).catch(onError)
  }
  const flush = async () => {
    clearTimeout(timer)
    timer = undefined
    const items = waiting
    waiting = []
    if (items.length > 0) writing = writing.then(() => writeAll(items))
    await writing
  }
  return {
    add(item) {
      if (waiting.length >= limit) waiting.shift()
      waiting.push(item)
      timer ??= setTimeout(() => void flush(), delay).unref()
    },
    flush,
  }
}
