import { fork } from 'node:child_process'
import { availableParallelism, constants, setPriority } from 'node:os'

/**
 * Keeps every core awake at the lowest priority until the answer is called. On a virtual machine a halted core costs whoever
 * wakes it some 25 µs: a server pays that with each answer to a client that waits, and the faster baseline, whose client never
 * does, pays nothing. So the same server with 20 µs more work per request fell to a quarter, not to a half.
 */
export function keepAwake(): () => void {
  const children = Array.from({ length: availableParallelism() }, () => fork(import.meta.filename))
  return () => {
    for (const child of children) child.kill()
  }
}

/** It ends with its parent, even one that is killed. */
function spin() {
  if (process.connected) setImmediate(spin)
}

if (import.meta.main) {
  setPriority(constants.priority.PRIORITY_LOW)
  spin()
}
