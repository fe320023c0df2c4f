/** What is going to happen in a world, made from a seed before anything happens: setups, actions, faults. */
import { randomOf } from '../support/random.ts';
import { type Action, drawActions } from './actions.ts';
import { drawApplications, type Setting } from './application.ts';
import { drawFaults } from './faults/draw.ts';
import type { FaultAt } from './faults/fault.ts';
import { type Span, type SpanName, spans } from './span.ts';

export interface Plan extends Setting {
  readonly span: Span;
  readonly actions: readonly Action[];
  readonly faults: readonly FaultAt[];
}

/** @param name how long the world lasts; the same seed is another world with each of them */
export function planOf(seed: number, name: SpanName): Plan {
  const draw = randomOf(seed);
  const span = spans[name];
  const applications = drawApplications(draw, span);
  const actions = drawActions(draw, span, applications);
  return { seed, span, applications, actions, faults: drawFaults(draw, span, actions, seed) };
}
