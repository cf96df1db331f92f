let waiting: (() => void)[] = []

/** Answers that are ready in one turn of the event loop are written at its end, so that who reads them is woken once for all of them. */
export function sendTogether(send: () => void): void {
  if (waiting.push(send) === 1) setImmediate(sendAll)
}

function sendAll() {
  const ready = waiting
  waiting = []
  for (const send of ready) send()
}
