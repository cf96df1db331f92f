export interface BoundedCache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): V
}

/**
 * Keeps the `limit` entries that were used last, and at most as many again. In two generations, so that what is used all
 * the time is found without being moved.
 */
export function boundedCache<K, V>(limit: number): BoundedCache<K, V> {
  let recent = new Map<K, V>()
  let older = new Map<K, V>()
  const set = (key: K, value: V) => {
    if (recent.size >= limit && !recent.has(key)) {
      older = recent
      recent = new Map()
    }
    recent.set(key, value)
    return value
  }
  return {
    get(key) {
      const value = recent.get(key)
      if (value !== undefined) return value
      const kept = older.get(key)
      return kept === undefined ? undefined : set(key, kept)
    },
    set,
  }
}
