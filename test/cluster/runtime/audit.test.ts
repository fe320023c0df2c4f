/** The judge of `replicas.test.ts` itself: what it takes for two acting at a time. */
import { expect, test } from 'vitest';
import { usurpations, type Write } from './support/audit.ts';

/** A lease write of somebody, or another write of theirs. */
const lease = (second: number, who: string, holder = who): Write => ({ ...write(second, who), what: 'lease', holder });
const write = (second: number, who: string): Write => ({
  revision: second,
  at: Temporal.Instant.fromEpochMilliseconds(second * 1000),
  credential: who,
  what: 'patch rollouts/app/status',
  holder: undefined,
});

test.each([
  ['one that renews and writes', [lease(1, 'a'), write(2, 'a'), lease(3, 'a'), write(20, 'a')], 1, []],
  ['another one after a release', [lease(1, 'a'), lease(2, 'a', ''), lease(3, 'b'), write(4, 'b')], 2, []],
  ['another one when the lease has run out', [lease(1, 'a'), lease(16, 'b'), write(17, 'b')], 2, []],
  ['too early', [lease(1, 'a'), lease(15, 'b')], 2, ['b took the lease PT14S after a renewed it']],
  [
    'a write of the one before',
    [lease(1, 'a'), lease(20, 'b'), write(21, 'a')],
    2,
    ['patch rollouts/app/status at 21 by a, while b held the lease'],
  ],
  [
    'a write after a release',
    [lease(1, 'a'), lease(2, 'a', ''), write(3, 'a')],
    1,
    ['patch rollouts/app/status at 3 by a, while nobody held the lease'],
  ],
])('%s', (_, writes, terms, faults) => {
  const judged = usurpations(writes);
  expect(judged.faults).toEqual(faults);
  expect(judged.terms).toHaveLength(terms);
});
