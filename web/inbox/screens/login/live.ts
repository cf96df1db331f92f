import { useEffect, useRef } from 'preact/hooks'

/** Calls every so often while the page is seen; one call at a time. */
export function useLive(work: () => Promise<unknown>, everyMs: number): void {
  const latest = useRef(work)
  latest.current = work
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let isOver = false
    const next = () => {
      if (!isOver) timer = setTimeout(() => void turn(), everyMs)
    }
    const turn = async () => {
      if (document.visibilityState === 'visible') await latest.current().catch(() => undefined)
      next()
    }
    next()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [everyMs])
}
