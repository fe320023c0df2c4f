/** Answers with everything random or timed replaced, so that two servers' can be compared. */
import { isObject, type Json } from '../json.ts';

const uid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

export function normal(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(uid, '<uid>')
      .replaceAll(time, '<time>')
      .replace(/^\d+s$/, '<age>')
      .replaceAll(/ResourceVersion in record \(\d+\)/g, 'ResourceVersion in record (<revision>)');
  }
  if (Array.isArray(value)) return value.map(normal);
  if (!isObject(value)) return value;
  const out: Json = {};
  for (const key of Object.keys(value).sort()) {
    if (key === 'storageVersionHash') continue;
    // What a column is about is for people.
    if (key === 'description' && 'priority' in value) continue;
    if (key === 'resourceVersion' && value[key] !== '') out[key] = '<revision>';
    else if (key === 'causes' && Array.isArray(value[key])) out[key] = value[key].map(normal).sort(byText);
    else if (key === 'continue' && value[key] !== '') out[key] = '<continue>';
    else if (key === 'managedFields' && Array.isArray(value[key])) out[key] = byManager(value[key]);
    else out[key] = normal(value[key]);
  }
  return out;
}

/** Conflicts with several managers come in no order. */
function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** Entries of the same second stand in an order that depends on the clock. */
function byManager(entries: readonly unknown[]): unknown[] {
  const key = (entry: unknown): string =>
    isObject(entry) ? `${String(entry.manager)} ${String(entry.operation)} ${String(entry.subresource)}` : '';
  return entries.toSorted((left, right) => (key(left) < key(right) ? -1 : 1)).map(normal);
}
