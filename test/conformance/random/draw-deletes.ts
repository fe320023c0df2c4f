/** Deletions with all their options. */
import { type Draft, drawName, keyOf } from './draft.ts';
import { drawSelectors } from './draw-reads.ts';
import { type KindName, kindOf } from './kinds.ts';
import type { Step } from './step.ts';

export function drawDelete(draft: Draft, kind: KindName): Step {
  const { dice, alive } = draft;
  const name = drawName(draft, kind);
  const key = keyOf({ kind, name });
  const wrong = kindOf(kind).lingers === true;
  const preconditions = drawPreconditions(draft, key, wrong);
  const dryRun = wrong ? dice.oneIn(2) : dice.oneIn(12);
  const body = { ...preconditions, ...drawPolicy(draft), ...(dryRun && dice.oneIn(2) && { dryRun: ['All'] }) };
  const inQuery = dryRun && !('dryRun' in body);
  const succeeds = !wrong && !dryRun && preconditions.preconditions === undefined;
  if (succeeds) alive.delete(key);
  return {
    kind,
    name,
    method: 'DELETE',
    ...(inQuery && { query: { dryRun: 'All' } }),
    ...((wrong || Object.keys(body).length > 0 || dice.oneIn(4)) && {
      body: dice.oneIn(2) ? body : { kind: 'DeleteOptions', apiVersion: 'v1', ...body },
    }),
  };
}

/** @param wrong so that it is refused */
function drawPreconditions({ dice }: Draft, key: string, wrong: boolean): { preconditions?: object } {
  if (wrong) return { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } };
  if (!dice.oneIn(3)) return {};
  const uid = dice.one([`$(uid ${key})`, `$(uid ${key})`, '00000000-0000-0000-0000-000000000000']);
  const resourceVersion = dice.one([`$(rv ${key})`, `$(rv1 ${key})`, '1']);
  return { preconditions: dice.one([{ uid }, { resourceVersion }, { uid, resourceVersion }]) };
}

/** Only those that wait for owners wait for what follows a policy. */
function drawPolicy({ dice, owners }: Draft): object {
  if (owners && dice.oneIn(2)) {
    return dice.one([
      { propagationPolicy: 'Foreground' },
      { propagationPolicy: 'Orphan' },
      { propagationPolicy: 'Background' },
      { orphanDependents: true },
      { orphanDependents: false },
    ]);
  }
  if (dice.oneIn(8)) return { propagationPolicy: 'Background' };
  if (dice.oneIn(20))
    return dice.one([{ propagationPolicy: 'Foo' }, { gracePeriodSeconds: 5 }, { gracePeriodSeconds: -1 }]);
  return dice.oneIn(40) ? { propagationPolicy: 'Orphan', orphanDependents: true } : {};
}

export function drawDeleteAll(draft: Draft, kind: KindName): Step {
  const { dice, alive } = draft;
  const selectors = drawSelectors(draft, kind);
  const body = drawPolicy(draft);
  const dryRun = dice.oneIn(4);
  if (!dryRun && selectors.labelSelector === undefined) {
    for (const key of [...alive]) if (key.startsWith(`${kind}/`)) alive.delete(key);
  }
  const query = { ...selectors, ...(dryRun && { dryRun: 'All' }) };
  return { kind, method: 'DELETE', query, ...(Object.keys(body).length > 0 && { body }) };
}
