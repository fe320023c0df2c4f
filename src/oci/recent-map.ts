/** A map of at most `limit` entries; the one that was not asked for the longest is forgotten first. */
export interface RecentMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  values(): Iterable<V>;
}

export function createRecentMap<V>(limit: number, onForget?: (value: V) => void): RecentMap<V> {
  // A Map iterates in insertion order, so re-inserting on use keeps the oldest first.
  const entries = new Map<string, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= limit) return;
      for (const [oldest, forgotten] of entries) {
        entries.delete(oldest);
        onForget?.(forgotten);
        return;
      }
    },
    delete(key) {
      entries.delete(key);
    },
    values: () => entries.values(),
  };
}
