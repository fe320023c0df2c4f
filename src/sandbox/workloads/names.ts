/** Names that follow from what they are for: made again after a restart or upon a stale read they are the same. */
import { createHash } from 'node:crypto';
import { isRecord } from '../../api/json.ts';

// Kubernetes' alphabet for generated names: no vowels, nothing that looks alike.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The same for equal values, whatever the order of their keys. */
export function hashName(value: unknown, length: number): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest();
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key])]));
}

/** The names of the first `count` pods of an owner, all different. */
export function podNames(owner: { readonly name: string; readonly uid?: string }, count: number): string[] {
  const names = new Set<string>();
  // Two indexes in 27^5 with the same suffix: the later one is left out and the next takes its place.
  for (let index = 0; names.size < count; index++) names.add(`${owner.name}-${hashName([owner.uid, index], 5)}`);
  return [...names];
}
