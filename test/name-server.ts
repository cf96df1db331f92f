import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** What a name is answered with: TXT records of pieces, an error code of RFC 1035 §4.1.1, or nothing at all. */
export type DnsAnswer = { records: string[][] } | { code: number } | 'silence'

export const NO_SUCH_NAME = 3
export const SERVER_FAILURE = 2

export interface NameServer {
  /** As a resolver is told: `address:port`. */
  address: string
  names: Map<string, DnsAnswer>
  asked: string[]
  close(): Promise<void>
}

/** A real name server on this machine that knows TXT records and nothing else. */
export async function openNameServer(): Promise<NameServer> {
  const names = new Map<string, DnsAnswer>()
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (question, sender) => {
    const name = nameIn(question)
    asked.push(name)
    const answer = names.get(name) ?? { code: NO_SUCH_NAME }
    if (answer !== 'silence') socket.send(answerTo(question, answer), sender.port, sender.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names,
    asked,
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const HEADER_BYTES = 12

/** The labels of the one question (RFC 1035 §4.1.2), in small letters. */
function nameIn(message: Buffer): string {
  const labels: string[] = []
  for (let at = HEADER_BYTES; (message[at] ?? 0) > 0; at += 1 + (message[at] ?? 0))
    labels.push(message.toString('latin1', at + 1, at + 1 + (message[at] ?? 0)))
  return labels.join('.').toLowerCase()
}

function answerTo(question: Buffer, answer: { records: string[][] } | { code: number }): Buffer {
  const records = 'records' in answer ? answer.records.map(txtRecord) : []
  const header = Buffer.alloc(HEADER_BYTES)
  question.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | ('code' in answer ? answer.code : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  const endOfQuestion = question.indexOf(0, HEADER_BYTES) + 5
  return Buffer.concat([header, question.subarray(HEADER_BYTES, endOfQuestion), ...records])
}

/** Of the name in the question (a pointer to it), class IN, good for 0 seconds. */
function txtRecord(pieces: string[]): Buffer {
  const text = Buffer.concat(pieces.map((piece) => Buffer.concat([Buffer.from([Buffer.byteLength(piece)]), Buffer.from(piece)])))
  const head = Buffer.from([0xc0, HEADER_BYTES, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0])
  head.writeUInt16BE(text.length, 10)
  return Buffer.concat([head, text])
}
