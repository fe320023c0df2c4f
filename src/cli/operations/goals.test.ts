/** How far a request is, from the status alone. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { deployed, factsOf } from './facts.fixture.ts';
import { runningIn } from './facts.ts';
import { deploymentGoal, nextDeploymentGoal, retryGoal } from './goals.ts';
import type { Goal, Progress } from './plan.ts';

const tag = (text: string) => text as Tag;
const DEPLOY = 'rollout.kuberik.com/deploy';
const waiting = { [DEPLOY]: 'v1.4.0', 'rollout.kuberik.com/retry': '', 'rollout.kuberik.com/unblock-failed': 'true' };
const earlier = [deployed(3, 'v1.3.0'), deployed(2, 'v1.2.0')];
const before = (): HistoryEntry | undefined => runningIn(factsOf());
const failed = deployed(3, 'v1.3.0', 'Failed') as HistoryEntry;

const goals: Readonly<Record<string, Goal>> = {
  deploy: deploymentGoal(before(), tag('v1.4.0'), [DEPLOY]),
  again: deploymentGoal(before(), tag('v1.2.0'), [DEPLOY]),
  pin: deploymentGoal(before(), tag('v1.4.0'), []),
  retry: retryGoal(failed, 'rollout.kuberik.com/retry'),
  unblock: nextDeploymentGoal(failed, 'rollout.kuberik.com/unblock-failed'),
};

type Situation = Readonly<{ annotations?: Record<string, string>; spec?: object }>;
type Row = readonly [
  Situation,
  goal: string,
  name: string,
  history: readonly object[],
  Progress['state'],
  text?: string,
];
const asked: Situation = { annotations: waiting, spec: {} };
const gone: Situation = {};
const pinned: Situation = { spec: { wantedVersion: 'v1.4.0' } };

const rolledBack = [
  deployed(5, 'v1.3.0', 'Deploying', { rollbackOf: 4 }),
  deployed(4, 'v1.4.0', 'Failed', { bakeStatusMessage: 'it crashes' }),
  ...earlier,
];
const retried = deployed(3, 'v1.3.0', 'InProgress', { lastRetryTimestamp: '2026-11-21T12:00:00Z' });

const rows: readonly Row[] = [
  [asked, 'deploy', 'nothing yet', earlier, 'going'],
  [asked, 'deploy', 'deploying', [deployed(4, 'v1.4.0', 'Deploying'), ...earlier], 'going'],
  [gone, 'deploy', 'baking, and the request is used up', [deployed(4, 'v1.4.0', 'InProgress'), ...earlier], 'going'],
  [gone, 'deploy', 'good', [deployed(4, 'v1.4.0'), ...earlier], 'done', 'v1.4.0 is deployed and its bake succeeded'],
  [gone, 'deploy', 'bad', rolledBack, 'failed', 'v1.4.0 failed its bake and was rolled back to v1.3.0: it crashes'],
  [gone, 'deploy', 'ended', [deployed(4, 'v1.4.0', 'Cancelled')], 'failed', 'the bake of v1.4.0 was cancelled'],
  [gone, 'deploy', 'dropped', earlier, 'ignored', 'the request for v1.4.0 is gone and v1.4.0 was not deployed'],
  [asked, 'again', 'an earlier deployment of it does not count', earlier, 'going'],
  [gone, 'again', 'the new one does', [deployed(4, 'v1.2.0'), ...earlier], 'done'],
  [pinned, 'pin', 'not yet', earlier, 'going'],
  [pinned, 'pin', 'deployed', [deployed(4, 'v1.4.0'), ...earlier], 'done'],
  [gone, 'pin', 'unpinned by somebody', earlier, 'ignored'],
  [asked, 'retry', 'not yet', [failed], 'going'],
  [gone, 'retry', 'started over', [retried], 'going'],
  [gone, 'retry', 'good now', [{ ...retried, bakeStatus: 'Succeeded' }], 'done'],
  [gone, 'retry', 'bad again', [{ ...retried, bakeStatus: 'Failed' }], 'failed', 'v1.3.0 failed its bake'],
  [gone, 'retry', 'dropped', [failed], 'ignored'],
  [gone, 'retry', 'another one took its place', [deployed(4, 'v1.4.0')], 'failed'],
  [asked, 'unblock', 'no release yet', [failed], 'going'],
  [gone, 'unblock', 'the next one is good', [deployed(4, 'v1.4.0'), failed], 'done'],
  [gone, 'unblock', 'dropped', [failed], 'ignored'],
];

describe('goals', () => {
  const cases = rows.map(([situation, goal, name, history, state, text]) => {
    return { situation, goal, name, history, state, text };
  });

  it.each(cases)('$goal, $name: $state', async ({ situation, goal, history, state, text }) => {
    const facts = factsOf({ ...situation, status: { history } });
    const progress = await goals[goal]?.(facts.rollout, () => Promise.resolve(facts));
    expect(progress?.state).toBe(state);
    if (text !== undefined) expect(progress?.text).toBe(text);
  });
});
