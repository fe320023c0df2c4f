import { describe, expect, test } from 'vitest';
import { Rollout, type RolloutSpec } from './rollout.ts';
import { resolveRolloutSpec } from './rollout-spec.ts';

function resolve(spec: Partial<RolloutSpec>) {
  return resolveRolloutSpec({ spec: { releasesImagePolicy: { name: 'app' }, ...spec } });
}

describe('resolveRolloutSpec', () => {
  test('fills in the defaults of an empty spec', () => {
    expect(resolve({})).toEqual({
      imagePolicy: 'app',
      pin: undefined,
      historyLimit: 10,
      retentionDays: 7,
      retentionMinCount: 30,
      bakes: false,
      healthChecks: undefined,
      releaseOrder: 'Newest',
      faults: [],
    });
  });

  test('is computed once for a spec', () => {
    const rollout = { spec: { releasesImagePolicy: { name: 'app' } } };
    expect(resolveRolloutSpec(rollout)).toBe(resolveRolloutSpec({ ...rollout }));
  });

  test('reads every field that is given', () => {
    const spec = resolve({
      versionHistoryLimit: 3,
      availableReleasesRetentionDays: 1,
      availableReleasesMinCount: 2,
      bakeTime: '1h30m',
      deployTimeout: '90s',
      releaseUpdateInterval: '5m',
      failurePolicy: 'Halt',
    });
    expect(spec).toMatchObject({ historyLimit: 3, retentionDays: 1, retentionMinCount: 2, failurePolicy: 'Halt' });
    expect(spec.bakeTime?.total('minutes')).toBe(90);
    expect(spec.deployTimeout?.total('seconds')).toBe(90);
    expect(spec.releaseUpdateInterval?.total('minutes')).toBe(5);
    expect(spec.faults).toEqual([]);
  });

  test.each([
    [{}, undefined],
    [{ wantedVersion: '1.0.0' }, '1.0.0'],
    [{ wantedVersion: '' }, undefined],
    [{ releasesImagePolicy: { name: 'app', wantedVersion: 'v1.2.3' } }, 'v1.2.3'],
    [{ wantedVersion: '', releasesImagePolicy: { name: 'app', wantedVersion: 'v2' } }, 'v2'],
    [{ wantedVersion: 'v2', releasesImagePolicy: { name: 'app', wantedVersion: 'v2' } }, 'v2'],
  ])('the pin of %j is %s', (spec, pin) => {
    expect(resolve(spec)).toMatchObject({ pin, faults: [] });
  });

  test.each([[{ bakeTime: '1s' }], [{ deployTimeout: '1s' }], [{ healthCheckSelector: {} }], [{ bakeTime: 'soon' }]])(
    '%j bakes',
    (spec) => {
      expect(resolve(spec).bakes).toBe(true);
    },
  );

  test.each([
    ['bakeTime', { bakeTime: '5 minutes' }, 'is not a duration'],
    ['deployTimeout', { deployTimeout: '-5m' }, 'is negative'],
    ['releaseUpdateInterval', { releaseUpdateInterval: '9999999h' }, 'is longer than 292 years'],
    ['wantedVersion', { wantedVersion: 'not a tag' }, 'is not a tag'],
    [
      'releasesImagePolicy.wantedVersion',
      { releasesImagePolicy: { name: 'app', wantedVersion: '-x' } },
      'is not a tag',
    ],
    [
      'wantedVersion',
      { wantedVersion: 'v1', releasesImagePolicy: { name: 'app', wantedVersion: 'v2' } },
      'contradicts',
    ],
    ['releasesImagePolicy.name', { releasesImagePolicy: {} }, 'is empty'],
    ['versionHistoryLimit', { versionHistoryLimit: 0 }, 'is below 1'],
    ['healthCheckSelector', { healthCheckSelector: { matchLabels: { 'a b': 'c' } } }, 'is not a label key'],
    ['healthCheckSelector', { healthCheckSelector: { selector: {}, matchLabels: {} } }, 'has both'],
    [
      'healthCheckSelector.selector',
      { healthCheckSelector: { selector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } } },
      'is not an operator',
    ],
    [
      'healthCheckSelector.namespaceSelector',
      { healthCheckSelector: { selector: {}, namespaceSelector: { matchLabels: { a: '?' } } } },
      'is not a value',
    ],
  ])('a bad %s is a fault: %j', (field, spec, message) => {
    const { faults } = resolve(spec);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`spec.${field}: `);
    expect(faults[0]).toContain(message);
  });

  test('a field with a fault counts as absent', () => {
    const spec = resolve({
      bakeTime: 'soon',
      wantedVersion: '?',
      versionHistoryLimit: -1,
      healthCheckSelector: { selector: {}, namespaceSelector: { matchLabels: { a: '?' } } },
    });
    expect(spec).toMatchObject({ pin: undefined, historyLimit: 10, healthChecks: undefined });
    expect(spec).not.toHaveProperty('bakeTime');
    expect(spec.faults).toHaveLength(4);
  });
});

describe('health checks of a Rollout', () => {
  test.each<[Partial<RolloutSpec>]>([
    [{}],
    [{ healthCheckSelector: {} }],
    [{ healthCheckSelector: { namespaceSelector: {} } }],
  ])('%j selects none', (spec) => {
    expect(resolve(spec).healthChecks).toBeUndefined();
  });

  test.each([
    [{ selector: { matchLabels: { app: 'a' } } }],
    [{ matchLabels: { app: 'a' } }],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }],
  ])('%j selects by label in the own namespace', (healthCheckSelector) => {
    const { healthChecks } = resolve({ healthCheckSelector });
    expect(healthChecks?.matches({ app: 'a' })).toBe(true);
    expect(healthChecks?.matches({ app: 'b' })).toBe(false);
    expect(healthChecks?.matchesNamespace).toBeUndefined();
  });

  test('an empty selector selects all, a namespace selector widens to other namespaces', () => {
    const { healthChecks } = resolve({
      healthCheckSelector: { selector: {}, namespaceSelector: { matchLabels: { team: 'x' } } },
    });
    expect(healthChecks?.matches(undefined)).toBe(true);
    expect(healthChecks?.matchesNamespace?.({ team: 'x' })).toBe(true);
    expect(healthChecks?.matchesNamespace?.({ team: 'y' })).toBe(false);
  });
});

test('a stored Rollout with values that no rule admits is still read', () => {
  const rollout = Rollout.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'app' },
    spec: { releasesImagePolicy: { name: 'app' }, wantedVersion: '', bakeTime: 'soon' },
  });
  expect(resolveRolloutSpec(rollout).faults).toHaveLength(1);
});
