import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Shelf } from '#domain/articles/shelf.ts'
import type { Workspace } from '#domain/workspaces/workspaces.ts'
import { bytesFor, type FinishedPage } from '#http/html/layout.ts'
import { isPersonal, sendPage, type Document } from '#http/html/send-page.ts'
import { boundedCache, type BoundedCache } from '#platform/cache/bounded-cache.ts'

const KEPT = 200

interface ShownPage {
  finished: FinishedPage
  /** For everybody without a name. */
  document?: Document
}

/** Who has the same shelf sees the same page. A changed article makes another shelf, a changed workspace, host or origin another workspace. */
const pages = new WeakMap<Shelf, WeakMap<Workspace, BoundedCache<string, ShownPage>>>()

export function findShown(request: FastifyRequest, shelf: Shelf): ShownPage | undefined {
  return pages.get(shelf)?.get(request.workspace)?.get(keyOf(request))
}

export function keepShown(request: FastifyRequest, shelf: Shelf, finished: FinishedPage): ShownPage {
  const byWorkspace = pages.get(shelf) ?? new WeakMap<Workspace, BoundedCache<string, ShownPage>>()
  pages.set(shelf, byWorkspace)
  const shown = byWorkspace.get(request.workspace) ?? boundedCache<string, ShownPage>(KEPT)
  byWorkspace.set(request.workspace, shown)
  return shown.set(keyOf(request), { finished })
}

export function sendShown(request: FastifyRequest, reply: FastifyReply, shown: ShownPage): FastifyReply {
  if (isPersonal(request, reply)) return sendPage(request, reply, { bytes: bytesFor(request, shown.finished) })
  shown.document ??= { bytes: bytesFor(request, shown.finished) }
  return sendPage(request, reply, shown.document)
}

/** The address is part of the page: "Sign in" leads back to it, its own is in the head. */
function keyOf({ supportHost, url }: FastifyRequest): string {
  return supportHost.origin + url
}
