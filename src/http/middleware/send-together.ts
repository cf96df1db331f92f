import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers that are ready in one turn of the event loop are written at its end, so that who reads them is woken once for all of them. */
export function sendTogether(_request: FastifyRequest, _reply: FastifyReply, _payload: unknown, done: () => void): void {
  setImmediate(done)
}
