export interface ServerEvent {
  event: string
  data: string
  id: string
}

/** Each block of an event stream, comments included (with no event name), so that a heartbeat is seen too. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (rest + decoder.decode(value, { stream: true })).replace(/\r\n/g, '\n').split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) yield parseBlock(block)
  }
}

function parseBlock(block: string): ServerEvent {
  const found: ServerEvent = { event: '', data: '', id: '' }
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(event|data|id): ?(.*)/.exec(line) ?? []
    if (field === 'data' && found.data) found.data += '\n' + value
    else if (field) found[field as keyof ServerEvent] = value
  }
  return found
}
