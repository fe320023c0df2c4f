/** Changes JSON as the tree that it is, so that it stays JSON: what a text mutation rarely leaves it. */
import type { Chance } from './chance.ts';
import { jsonOf } from './target.ts';

const hostileKeys = ['__proto__', 'constructor', 'prototype', 'toString', '', 'then', 'toJSON', '$patch', 'length'];
const polluting: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
const values: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, 2 ** 63, '', ' ', '\0', 'True', 'polluted'],
  ...['2026-11-21T12:00:00Z', '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '0000-00-00', '1h30m', '-1ns'],
  ...[[], {}, [null], [[]], { '': null }, polluting],
];
const deepest = 5_000;

/** A place in the tree: where the value is, and who holds it. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** The input itself when it is no JSON. */
export function mutateTree(input: string, chance: Chance, corpus: readonly string[], word: () => string): string {
  const root = { root: jsonOf(input) };
  if (root.root === undefined) return input + word();
  const steps = 1 + chance.below(4);
  for (let step = 0; step < steps; step++)
    change(chance.pick(placesIn(root), { holder: root, key: 'root' }), chance, corpus, word);
  const text = JSON.stringify(root.root) as string | undefined;
  return chance.oneIn(300) ? nested(text ?? '', chance) : (text ?? '');
}

function change({ holder, key }: Place, chance: Chance, corpus: readonly string[], word: () => string): void {
  const value = holder[key];
  const fresh = (): unknown => {
    if (chance.oneIn(3)) return word();
    if (chance.oneIn(4)) {
      const other = placesIn({ root: jsonOf(chance.pick(corpus, '')) });
      const place = chance.pick(other, { holder, key });
      return structuredClone(place.holder[place.key]);
    }
    return structuredClone(chance.pick(values, null));
  };
  const name = (): string => (chance.oneIn(2) ? chance.pick(hostileKeys, '') : word());
  switch (chance.below(6)) {
    case 0:
      Reflect.deleteProperty(holder, key);
      return;
    case 1:
      put(holder, key, [value, structuredClone(value), fresh()]);
      return;
    case 2:
      put(holder, name(), value);
      return;
    case 3:
      if (typeof value === 'object' && value !== null) put(value as Record<string, unknown>, name(), fresh());
      else put(holder, key, typeof value === 'string' ? value.slice(1) + word() : fresh());
      return;
    default:
      put(holder, key, fresh());
  }
}

/** As an own property, whatever it is called; in a list at its end. */
function put(holder: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d{1,4}$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesIn(root: Record<string, unknown>): Place[] {
  const places: Place[] = [];
  const pending: Record<string, unknown>[] = [root];
  for (let holder = pending.pop(); holder !== undefined && places.length < 2_000; holder = pending.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key });
      if (typeof value === 'object' && value !== null) pending.push(value as Record<string, unknown>);
    }
  }
  return places;
}

/** Deeper than anything that calls itself may go. */
function nested(text: string, chance: Chance): string {
  const [open, close] = chance.pick(
    [
      ['[', ']'],
      ['{"a":', '}'],
      ['{"spec":', '}'],
      ['[{"a":', '}]'],
    ] as const,
    ['[', ']'],
  );
  const depth = 1 + chance.below(deepest);
  const at = chance.oneIn(2) ? text.indexOf(':') + 1 : 0;
  const end = at === 0 ? text.length : at;
  const inner = at === 0 ? text : '1';
  return (
    text.slice(0, at) +
    open.repeat(depth) +
    inner +
    close.repeat(depth) +
    (at === 0 ? '' : `,"rest":${text.slice(end)}`)
  );
}
