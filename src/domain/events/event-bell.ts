import { EventEmitter } from 'node:events'
import type { WorkspaceId } from '#db/columns.ts'

/** Wakes live streams when a workspace's event log has grown; it carries no data. */
export class EventBell {
  #emitter = new EventEmitter().setMaxListeners(0)

  ring(workspace: WorkspaceId): void {
    this.#emitter.emit(String(workspace))
  }

  /** Answers a function that stops listening. */
  onRing(workspace: WorkspaceId, listener: () => void): () => void {
    this.#emitter.on(String(workspace), listener)
    return () => this.#emitter.off(String(workspace), listener)
  }
}
