import { expect, test } from 'vitest';
import { HealthCheck } from '../../../api/health-check.ts';
import { Rollout } from '../../../api/rollout.ts';
import { jobOf } from './job-of.ts';
import { runFor } from './run.ts';

function check(name = 'smoke', spec: object = {}, job: object = {}): HealthCheck {
  const template = { spec: { template: { spec: { containers: [{ name: 'c' }] } }, ...job } };
  const body = { class: 'job', job: { template }, ...spec };
  return HealthCheck.parse({
    apiVersion: HealthCheck.apiVersion,
    kind: 'HealthCheck',
    metadata: { namespace: 'team', name, uid: 'uid' },
    spec: body,
  });
}

function rollout(name: string, entry?: object, namespace = 'team'): Rollout {
  return Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata: { namespace, name },
    spec: { releasesImagePolicy: { name } },
    ...(entry && { status: { history: [{ id: 1, version: { tag: 'v1.0.0' }, ...entry }] } }),
  });
}

const noon = { timestamp: '2026-01-01T12:00:00Z' };

/** @throws when there is no run */
function made(one: HealthCheck, deployed = rollout('app', noon)) {
  const run = runFor(one, [deployed]);
  if (run === undefined || one.spec.job === undefined) throw new Error('no run');
  return jobOf(one, one.spec.job, run) as unknown as {
    metadata: { name: string; labels: Record<string, string> };
    spec: { activeDeadlineSeconds: number; backoffLimit: number; template: { spec: Record<string, unknown> } };
  };
}

test.each([
  ['its own', undefined, 600],
  ['that of the check', { timeout: '90s' }, 90],
  ['a second at least', { timeout: '10ms' }, 1],
])('the time of a Job is %s', (_name, spec, expected) => {
  expect(made(check('smoke', spec)).spec.activeDeadlineSeconds).toBe(expected);
});

test('what the template says stays', () => {
  const containers = [
    { name: 'a', terminationMessagePolicy: 'File', env: [{ name: 'KUBERIK_VERSION', value: 'mine' }, { name: 'B' }] },
    'no container',
  ];
  const pods = { spec: { restartPolicy: 'OnFailure', initContainers: [{ name: 'i' }], containers, hostNetwork: true } };
  const { spec } = made(
    check('smoke', {}, { backoffLimit: 3, activeDeadlineSeconds: 5, parallelism: 2, template: pods }),
  );
  expect(spec).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 5, parallelism: 2 });
  expect(spec.template.spec).toMatchObject({ restartPolicy: 'OnFailure', hostNetwork: true });
  const [own, other] = spec.template.spec.containers as [{ env: { name: string; value?: string }[] }, unknown];
  expect(other).toBe('no container');
  expect(own).toMatchObject({ terminationMessagePolicy: 'File' });
  expect(own.env.filter(({ name }) => name === 'KUBERIK_VERSION')).toEqual([
    { name: 'KUBERIK_VERSION', value: 'mine' },
  ]);
  const [init] = spec.template.spec.initContainers as [{ env: { name: string }[] }];
  expect(init).toMatchObject({ terminationMessagePolicy: 'FallbackToLogsOnError' });
  expect(init.env.map(({ name }) => name)).toEqual([
    'KUBERIK_ROLLOUT',
    'KUBERIK_NAMESPACE',
    'KUBERIK_VERSION',
    'KUBERIK_REVISION',
    'KUBERIK_DIGEST',
  ]);
});

test('a Job has a name that is the same for the same run, and fits into a label', () => {
  const name = (...given: Parameters<typeof made>): string => made(...given).metadata.name;
  const first = name(check());
  expect(name(check('smoke', { timeout: '5m' }))).toBe(first);
  const others = [
    name(check(), rollout('app', { ...noon, lastRetryTimestamp: '2026-01-01T13:00:00Z' })),
    name(check(), rollout('app', { ...noon, id: 2 })),
    name(check(), rollout('other', noon)),
    name(check(), rollout('app', noon, 'elsewhere')),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
  const long = name(check(`${'a.b-'.repeat(60)}c`));
  expect(long).toMatch(/^[a-z0-9][-a-z0-9]*[a-z0-9]$/);
  expect(long.length).toBeLessThanOrEqual(63);
  for (const label of Object.values(made(check(`${'a.b-'.repeat(60)}c`)).metadata.labels)) {
    expect(label.length).toBeLessThanOrEqual(63);
  }
});

test('of several Rollouts the newest deployment or retry counts', () => {
  const newest = (...rollouts: Rollout[]): string | undefined => runFor(check(), rollouts)?.rollout.metadata.name;
  const later = { timestamp: '2026-01-01T12:30:00Z' };
  const retried = { ...noon, lastRetryTimestamp: '2026-01-01T13:00:00Z' };
  expect(newest()).toBeUndefined();
  expect(newest(rollout('a'))).toBeUndefined();
  expect(newest(rollout('a', noon), rollout('b', later), rollout('c'))).toBe('b');
  expect(newest(rollout('a', retried), rollout('b', later))).toBe('a');
  expect(newest(rollout('b', noon), rollout('a', noon))).toBe('a');
});
