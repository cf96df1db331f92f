import type pg from 'pg'
import type { Change, TellHearing } from './changes.ts'

const CHANNEL = 'latchkey_changes'
const BEAT_MS = 500
/** What was sent before the last beat that came back was heard: so old is what is kept at most, if the connection hangs. */
const TRUST_MS = 2000
/** A beat that takes longer will not come back. */
const PATIENCE_MS = 5000
const LONGEST_PAUSE_MS = 60_000

export interface EarOptions {
  url: string
  /** Sends a statement by another connection. */
  send: (statement: string) => Promise<unknown>
  hear: (changes: readonly Change[]) => void
}

/**
 * Hears what other nodes have changed, on a connection of its own. A beat that this node sends itself, by another connection, has
 * to come back: so a connection that hangs is noticed, and a pooler that gives the connection away after each transaction.
 */
export class PostgresEar {
  readonly node = crypto.randomUUID().slice(0, 8)
  #options: EarOptions
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #isListening = false
  #isTrue = false
  #failures = 0
  #beat = 0
  #beatSentAt = 0
  #isBeating = false
  #heardUntil = -Infinity
  #tell: TellHearing = () => {}
  #hears = true

  constructor(options: EarOptions) {
    this.#options = options
  }

  /** True while everything that was committed more than `TRUST_MS` ago has been heard. */
  get isTrusted(): boolean {
    return this.#isTrue && performance.now() - this.#heardUntil < TRUST_MS
  }

  onHearing(tell: TellHearing): void {
    this.#tell = tell
  }

  /** From the first time that somebody asks; a process that keeps nothing need not listen. */
  listen(): void {
    if (this.#isClosed || this.#isListening) return
    this.#isListening = true
    void this.#connect()
  }

  /** The statement that tells the others. */
  saying(changes: readonly Change[]): string {
    return `notify ${CHANNEL}, '${this.node} ${[...new Set(changes)].join(',')}'`
  }

  close(): void {
    this.#isClosed = true
    this.#drop()
  }

  async #connect() {
    const { default: pg } = await import('pg')
    if (this.#isClosed) return
    const client = new pg.Client({ connectionString: this.#options.url, connectionTimeoutMillis: PATIENCE_MS, keepAlive: true })
    this.#client = client
    const lost = () => this.#lose(client)
    client.on('error', lost).on('end', lost)
    client.on('notification', ({ channel, payload = '' }) => {
      if (client !== this.#client) return
      if (channel === CHANNEL) this.#hearOf(payload)
      else this.#beatCame(Number(payload))
    })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}; listen ${this.#ownChannel}`)
      if (client !== this.#client) return
      this.#timer = setInterval(() => this.#sendBeat(client), BEAT_MS).unref()
      this.#sendBeat(client)
    } catch {
      lost()
    }
  }

  get #ownChannel() {
    return `latchkey_beat_${this.node}`
  }

  #hearOf(payload: string) {
    const [node, changes = ''] = payload.split(' ')
    if (node !== this.node) this.#options.hear(changes.split(','))
  }

  #sendBeat(client: pg.Client) {
    if (this.#isBeating) {
      if (performance.now() - this.#beatSentAt > PATIENCE_MS) this.#lose(client)
      return
    }
    this.#isBeating = true
    this.#beatSentAt = performance.now()
    this.#beat += 1
    this.#options.send(`notify ${this.#ownChannel}, '${this.#beat}'`).catch(() => this.#lose(client))
  }

  #beatCame(beat: number) {
    if (beat !== this.#beat || !this.#isBeating) return
    this.#isBeating = false
    this.#heardUntil = this.#beatSentAt
    if (this.#isTrue) return
    this.#isTrue = true
    this.#failures = 0
    // Whatever was said while nobody listened.
    this.#options.hear(['*'])
    this.#say(true)
  }

  /** What connects again is another client; of this one nothing is heard any more. */
  #lose(client: pg.Client) {
    if (client !== this.#client) return
    this.#drop()
    if (this.#isClosed) return
    this.#say(false)
    const pause = Math.min(BEAT_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    this.#failures += 1
    this.#timer = setTimeout(() => void this.#connect(), pause).unref()
  }

  #drop() {
    const client = this.#client
    this.#client = undefined
    this.#isTrue = false
    this.#isBeating = false
    clearTimeout(this.#timer)
    this.#timer = undefined
    void client?.end().catch(() => {})
  }

  #say(hears: boolean) {
    if (this.#hears === hears) return
    this.#hears = hears
    this.#tell(hears)
  }
}
