/** A sequence while it is drawn, and which objects its next step is about. */
import type { Dice } from './dice.ts';
import type { Kind } from './kind.ts';
import { type KindName, kindOf } from './kinds.ts';
import type { Place } from './step.ts';

/** What has been drawn so far, and what it probably led to. */
export interface Draft {
  readonly dice: Dice;
  readonly kinds: readonly KindName[];
  readonly owners: boolean;
  /** Objects that are probably there. */
  readonly alive: Set<string>;
}

const names = ['a', 'b', 'c'];

/** Objects outside of namespaces share their names with those of other sequences. */
export const nameIn = ({ namespaced = true }: Kind, name: string): string => (namespaced ? name : `$(run)-${name}`);

export const keyOf = ({ kind, name = '' }: Place): string => `${kind}/${name}`;

/** One that is probably there, or now and then one that is not. */
export function drawName({ dice, alive }: Draft, kind: KindName): string {
  const all = names.map((name) => nameIn(kindOf(kind), name));
  const there = all.filter((name) => alive.has(keyOf({ kind, name })));
  return there.length === 0 || dice.oneIn(12) ? dice.one(all) : dice.one(there);
}

/** One that is probably not there, or now and then one that is. */
export function drawNewName({ dice, alive }: Draft, kind: KindName): string {
  const all = names.map((name) => nameIn(kindOf(kind), name));
  const free = all.filter((name) => !alive.has(keyOf({ kind, name })));
  return free.length === 0 || dice.oneIn(8) ? dice.one(all) : dice.one(free);
}
