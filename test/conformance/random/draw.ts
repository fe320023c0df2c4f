/** A sequence from a seed, drawn before anything happens: dropping a step changes nothing else. */

import { Dice } from './dice.ts';
import type { Draft } from './draft.ts';
import { drawRead, drawWatch } from './draw-reads.ts';
import { drawWrite } from './draw-writes.ts';
import { kindNames } from './kinds.ts';
import type { Sequence, Step } from './step.ts';

const length = { least: 40, spread: 41 };
const mostWatches = 3;

export function drawSequence(seed: number): Sequence {
  const dice = new Dice(seed);
  const owners = dice.oneIn(4);
  const kinds = [...new Set(Array.from({ length: 1 + dice.below(3) }, () => dice.one(kindNames)))];
  const draft: Draft = { dice, kinds, owners, alive: new Set() };
  const count = length.least + dice.below(length.spread);
  const steps: Step[] = [];
  let watches = 0;
  while (steps.length < count) {
    const what = dice.weighted({ write: 70, read: 24, watch: 6 });
    if (what === 'watch' && (owners || watches === mostWatches)) continue;
    if (what === 'watch') watches += 1;
    steps.push(drawStep(draft, what));
  }
  return { seed, kinds, owners, steps };
}

function drawStep(draft: Draft, what: 'write' | 'read' | 'watch'): Step {
  const kind = draft.dice.one(draft.kinds);
  if (what === 'watch') return drawWatch(draft, kind);
  return what === 'read' ? drawRead(draft, kind) : drawWrite(draft, kind);
}
