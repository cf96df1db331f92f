import type { WirePart } from '#shared/messenger.ts'

/** Known and new parts in order, each once; a newer copy replaces an older one. */
export function mergeParts(known: WirePart[], added: WirePart[]): WirePart[] {
  const byId = new Map([...known, ...added].map((part) => [part.id, part]))
  return [...byId.values()].toSorted((one, other) => one.sequence - other.sequence)
}

/** The highest sequence up to which nothing is missing, after one more part came by another way than a read. */
export const syncedWith = (synced: number, part: WirePart) => (part.sequence === synced + 1 ? part.sequence : synced)
