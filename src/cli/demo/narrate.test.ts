import { describe, expect, it } from 'vitest';
import { HealthCheck, type HealthCheckStatus } from '../../api/health-check.ts';
import { Rollout, type RolloutStatus } from '../../api/rollout.ts';
import { parseTag } from '../../api/tag.ts';
import { describeNow, narrateHealth, narrateRollout } from './narrate.ts';

const version = (tag: string) => ({ tag: parseTag(tag) });

function rollout(status: RolloutStatus): Rollout {
  return Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { releasesImagePolicy: { name: 'web' }, bakeTime: '1m30s' },
    status,
  });
}
function check(status: HealthCheckStatus): HealthCheck {
  const metadata = { name: 'web', namespace: 'shop' };
  return HealthCheck.parse({ apiVersion: HealthCheck.apiVersion, kind: 'HealthCheck', metadata, spec: {}, status });
}
const entry = (id: number, tag: string, bakeStatus: string, more = {}) => ({
  id,
  version: version(tag),
  timestamp: '2026-01-01T00:00:00Z',
  message: 'Automatic deployment',
  bakeStatus,
  ...more,
});
const gates = (status: 'True' | 'False', reason: string, message: string) => ({
  conditions: [{ type: 'GatesPassing', status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});
const lines = (before: RolloutStatus | undefined, after: RolloutStatus): string[] =>
  narrateRollout(before && rollout(before), rollout(after)).map(({ what, text }) => `${what}: ${text}`);

describe('what happened between two looks', () => {
  it.each<[string, RolloutStatus | undefined, RolloutStatus, string[]]>([
    ['nothing', { history: [entry(1, 'v1', 'Succeeded')] }, { history: [entry(1, 'v1', 'Succeeded')] }, []],
    [
      'a first deployment',
      undefined,
      { availableReleases: [version('v1')], history: [entry(1, 'v1', 'Deploying')] },
      ['release: v1 is there', 'deploy: v1: Automatic deployment'],
    ],
    [
      'a bake begins',
      { history: [entry(1, 'v1', 'Deploying')] },
      { history: [entry(1, 'v1', 'InProgress')] },
      ['bake: v1 is healthy and bakes for 1m30s'],
    ],
    [
      'a gate closes in front of a release',
      gates('True', 'AllGatesPassing', 'All gates are passing'),
      {
        ...gates('False', 'SomeGatesBlocking', 'Some gates are blocking'),
        releaseCandidates: [version('v2')],
        gates: [
          { name: 'window', passing: false },
          { name: 'open', passing: true },
        ],
      },
      ['held: v2, by window'],
    ],
    [
      'a gate that allows none of what there is',
      gates('True', 'AllGatesPassing', 'All gates are passing'),
      {
        ...gates('False', 'NoAllowedVersions', 'No release candidates are allowed by all gates'),
        releaseCandidates: [version('v2')],
        gates: [{ name: 'list', passing: true, allowedVersions: [] }],
      },
      ['held: v2, by list'],
    ],
    [
      'a gate closes in front of nothing',
      gates('True', 'AllGatesPassing', 'All gates are passing'),
      {
        ...gates('False', 'SomeGatesBlocking', 'Some gates are blocking'),
        gates: [{ name: 'window', passing: false }],
      },
      [],
    ],
    [
      'a deployment that people approved',
      {},
      { history: [entry(1, 'v1', 'Deploying', { approvals: [{ gate: 'board', by: 'ada' }] })] },
      ['deploy: v1: Automatic deployment, approved by ada'],
    ],
    ['open gates at first sight', undefined, gates('True', 'AllGatesPassing', 'All gates are passing'), []],
    [
      'a failure comes before the rollback that answers it',
      { history: [entry(2, 'v2', 'Deploying'), entry(1, 'v1', 'Succeeded')] },
      {
        history: [
          entry(3, 'v1', 'Deploying', { trigger: 'Rollback', message: 'back' }),
          entry(2, 'v2', 'Failed', {
            bakeStatusMessage: 'It failed.',
            failedHealthChecks: [{ name: 'web', namespace: 'shop', message: 'crash' }],
          }),
          entry(1, 'v1', 'Succeeded'),
        ],
      },
      ['failed: v2: It failed. web: crash', 'rollback: to v1: back'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(lines(before, after)).toEqual(expected);
  });

  it('a check is told when it says something else', () => {
    const pending = check({ status: 'Pending', message: 'Replicas: 0/3' });
    expect(narrateHealth(undefined, check({}))).toEqual([]);
    expect(narrateHealth(pending, pending)).toEqual([]);
    expect(narrateHealth(pending, check({ status: 'Healthy', message: 'fine' }))).toMatchObject([
      { what: 'health', tone: 'good', text: 'Healthy: fine' },
    ]);
  });
});

it('counts a bake down', () => {
  const baking = rollout({ history: [entry(1, 'v1', 'InProgress', { bakeStartTime: '2026-01-01T00:00:00Z' })] });
  expect(describeNow(baking, Temporal.Instant.from('2026-01-01T00:00:30.2Z'))).toBe('baking v1, 60s left');
  expect(describeNow(baking, Temporal.Instant.from('2026-01-01T01:00:00Z'))).toBe('baking v1, 0s left');
});
