interface Answer {
  send: () => void
  fail: (error: unknown) => void
}

let waiting: Answer[] = []

/** Answers that are ready in one turn of the event loop are written at its end, so that who reads them is woken once for all of them. One that fails keeps no other. */
export function sendTogether(send: Answer['send'], fail: Answer['fail']): void {
  if (waiting.push({ send, fail }) === 1) setImmediate(sendAll)
}

function sendAll() {
  const ready = waiting
  waiting = []
  for (const { send, fail } of ready) {
    try {
      send()
    } catch (error) {
      fail(error)
    }
  }
}
