/** Under whose name a change is made: one's own, or none; never one that somebody left there. */
import { describe, expect, it } from 'vitest';
import { planRetry } from './after-failure.ts';
import { factsOf } from './facts.fixture.ts';
import { planPin, planUnpin } from './pin.ts';
import type { Plan } from './plan.ts';

const key = (name: string): string => `rollout.kuberik.com/${name}`;
const left = { [key('deploy-user')]: 'bob', [key('deploy-message')]: 'of long ago' };
const annotationsOf = ({ change }: Plan) => (change.kind === 'request' ? change.annotations : undefined);
const failed = {
  history: [{ id: 2, version: { tag: 'v1.3.0' }, timestamp: '2026-11-21T11:00:00Z', bakeStatus: 'Failed' }],
};

describe('a name that is left over', () => {
  it('is replaced by a retry', () => {
    expect(annotationsOf(planRetry(factsOf({ status: failed, annotations: left })))).toEqual({
      [key('retry')]: '',
      [key('deploy-user')]: 'jane',
      [key('deploy-message')]: null,
    });
  });

  it('is taken off by what is not signed: unpinning, and pinning what runs', () => {
    const gone = { [key('deploy-user')]: null, [key('deploy-message')]: null };
    const pinned = factsOf({ annotations: left, spec: { wantedVersion: 'v1.3.0' } });
    expect(annotationsOf(planUnpin(pinned))).toEqual(gone);
    expect(annotationsOf(planPin(factsOf({ annotations: left }), 'v1.3.0', undefined))).toEqual(gone);
    expect(annotationsOf(planUnpin(factsOf({ spec: { wantedVersion: 'v1.3.0' } })))).toEqual({});
  });
});
