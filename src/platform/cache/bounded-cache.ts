export interface BoundedCache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): V
}

/** Keeps the `limit` entries that were used last. */
export function boundedCache<K, V>(limit: number): BoundedCache<K, V> {
  const entries = new Map<K, V>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      const oldest = entries.keys().next()
      if (entries.size > limit && !oldest.done) entries.delete(oldest.value)
      return value
    },
  }
}
