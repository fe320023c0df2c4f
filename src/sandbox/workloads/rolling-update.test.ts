import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsOf, nextReplicas, type SetState } from './rolling-update.ts';
import { Deployment } from './types.ts';

const deployment = (replicas: number, rollingUpdate?: Record<string, unknown>) =>
  Deployment.parse({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: {},
      template: { spec: { containers: [] } },
      strategy: { type: 'RollingUpdate', ...(rollingUpdate && { rollingUpdate }) },
    },
  });

describe('boundsOf', () => {
  test.each([
    [3, undefined, { desired: 3, surge: 1, unavailable: 0 }],
    [10, undefined, { desired: 10, surge: 3, unavailable: 2 }],
    [4, { maxSurge: 0, maxUnavailable: 0 }, { desired: 4, surge: 0, unavailable: 1 }],
    [4, { maxSurge: '50%', maxUnavailable: 9 }, { desired: 4, surge: 2, unavailable: 4 }],
  ])('%i replicas with %o', (replicas, rollingUpdate, expected) => {
    expect(boundsOf(deployment(replicas, rollingUpdate))).toEqual(expected);
  });
});

const share = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);

describe('nextReplicas', () => {
  test('keeps its bounds at every step and comes to an end, however slowly pods get ready', () => {
    const world = fc.record({
      desired: fc.integer({ min: 0, max: 12 }),
      maxSurge: share,
      maxUnavailable: share,
      readyPerStep: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(world, ({ desired, maxSurge, maxUnavailable, readyPerStep }) => {
        const subject = deployment(desired, { maxSurge, maxUnavailable });
        const { surge, unavailable } = boundsOf(subject);
        let old: SetState = { name: 'old', wanted: desired, present: desired, available: desired };
        let current: SetState = { name: 'new', wanted: 0, present: 0, available: 0 };
        for (let step = 0; step < 100; step++) {
          const next = nextReplicas(subject, current, [old]);
          const oldWanted = next.get('old') ?? 0;
          const newWanted = next.get('new') ?? 0;
          expect(oldWanted + newWanted).toBeLessThanOrEqual(desired + surge);
          old = { ...old, wanted: oldWanted, present: oldWanted, available: Math.min(old.available, oldWanted) };
          expect(old.available + current.available).toBeGreaterThanOrEqual(desired - unavailable);
          const available = Math.min(newWanted, current.available + readyPerStep);
          current = { ...current, wanted: newWanted, present: newWanted, available };
        }
        expect(old.wanted).toBe(0);
        expect(current).toMatchObject({ wanted: desired, available: desired });
      }),
    );
  });

  test('a new version that never gets ready takes no more of the old one than it may', () => {
    const old = { name: 'old', wanted: 4, present: 4, available: 4 };
    const stuck = { name: 'new', wanted: 2, present: 2, available: 0 };
    expect(Object.fromEntries(nextReplicas(deployment(4), stuck, [{ ...old, wanted: 3, available: 3 }]))).toEqual({
      new: 2,
      old: 3,
    });
  });
});
