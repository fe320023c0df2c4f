/** Answers with everything random or timed replaced, so that two servers' can be compared. */
import { isObject, type Json, objectOf, objects, text } from '../../src/sandbox/apiserver/json.ts';

const uid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** Five letters that no one can know. */
const generated = /\b([Gg]en-x*)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** @param revisions the last known ones, by uid: a revision counts by whether it is another one than before */
export function normal(value: unknown, revisions: Map<string, string>): unknown {
  if (typeof value === 'string') return normalText(value);
  if (Array.isArray(value)) return value.map((one) => normal(one, revisions));
  if (!isObject(value)) return value;
  const out: Json = {};
  const revision = revisionOf(value, revisions);
  const several = causes(objects(objectOf(value.details).causes)).length > 1;
  for (const key of Object.keys(value).sort()) {
    const one = value[key];
    if (key === 'storageVersionHash') continue;
    // What a column is about is for people.
    if (key === 'description' && 'priority' in value) continue;
    if (key === 'resourceVersion' && one !== '') out[key] = revision;
    else if (key === 'causes' && Array.isArray(one)) out[key] = causes(one);
    // The causes say it again, in order.
    else if (key === 'message' && several)
      out[key] = normalText(text(one)).replace(/( is invalid: | conflicts: )[^]*/, '$1<causes>');
    else if (key === 'continue' && one !== '') out[key] = '<continue>';
    else if (key === 'managedFields' && Array.isArray(one)) out[key] = byManager(one, revisions);
    else out[normalText(key)] = normal(one, revisions);
  }
  return out;
}

function normalText(value: string): string {
  return (
    value
      .replaceAll(uid, '<uid>')
      .replaceAll(time, '<time>')
      .replace(/^(\d+[dhms])+$/, '<age>')
      // Faults of a typed object come in the order of a Go map.
      .replace(/(?<=errors:\n)[^]+$/, (faults) => faults.split('\n').sort().join('\n'))
      .replaceAll(/(Invalid value: )"\{(?:[^"\\]|\\.)*\}"/g, '$1<object>')
      .replaceAll(generated, '$1<letters>')
      .replaceAll(/(resourceVersion\\*":\\*")\d+/g, '$1<revision>')
      .replaceAll(/ResourceVersion in record \(\d+\)/g, 'ResourceVersion in record (<revision>)')
      .replaceAll(/ResourceVersion in the precondition \(\d+\)/g, 'ResourceVersion in the precondition (<revision>)')
      .replaceAll(/\bresourceVersion:\d+/g, 'resourceVersion:<revision>')
      .replaceAll(/, current: \d+/g, ', current: <revision>')
      .replaceAll(/(too old resource version: \d+) \(\d+\)/g, '$1 (<revision>)')
  );
}

function revisionOf(object: Json, revisions: Map<string, string>): string {
  const [of, revision] = [text(object.uid), text(object.resourceVersion)];
  if (of === '' || revision === '') return '<revision>';
  const before = revisions.get(of);
  revisions.set(of, revision);
  return before === revision ? '<unchanged>' : '<revision>';
}

/** Faults and conflicts come in no order, and one fault as often as it was looked for. */
function causes(list: readonly unknown[]): unknown[] {
  const texts = list.map((one) => JSON.stringify(normal(one, new Map())));
  return [...new Set(texts)].sort().map((one): unknown => JSON.parse(one));
}

/** Entries of the same second stand in an order that depends on the clock. */
function byManager(entries: readonly unknown[], revisions: Map<string, string>): unknown[] {
  const key = (entry: unknown): string =>
    isObject(entry) ? `${String(entry.manager)} ${String(entry.operation)} ${String(entry.subresource)}` : '';
  return entries.toSorted((left, right) => (key(left) < key(right) ? -1 : 1)).map((entry) => normal(entry, revisions));
}
