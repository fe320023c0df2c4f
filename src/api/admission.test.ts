/** What the API server says to a mistake, before any controller sees it. */
import { describe, expect, test } from 'vitest';
import { ClusterRolloutSchedule } from './cluster-rollout-schedule.ts';
import type { ResourceOptions } from './define-resource.ts';
import { Environment } from './environment.ts';
import { HealthCheck } from './health-check.ts';
import { Rollout } from './rollout.ts';
import { RolloutGate } from './rollout-gate.ts';
import { RolloutSchedule } from './rollout-schedule.ts';
import { RolloutTest } from './rollout-test.ts';
import { admit } from './testing/admission.ts';

interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly options: ResourceOptions;
}

const object = ({ apiVersion, kind }: Definition, spec: unknown) => {
  return { apiVersion, kind, metadata: { name: 'a' }, ...(spec !== undefined && { spec }) };
};
const violations = (definition: Definition, spec: unknown) =>
  admit(definition.options, object(definition, spec)).violations;

const policy = { releasesImagePolicy: { name: 'app' } };
const schedule = (...rules: unknown[]) => ({ rolloutSelector: {}, rules });
const pod = { spec: { containers: [{ name: 'c', image: 'i' }] } };
const rolloutTest = (jobTemplate: unknown) => ({ rolloutName: 'app', stepIndex: 1, jobTemplate });
const github = { type: 'github', project: 'me/app' };
const environment = (fields: object) => ({ rolloutRef: { name: 'app' }, name: 'app', backend: github, ...fields });

const accepted: [Definition, unknown][] = [
  [Rollout, policy],
  [Rollout, { ...policy, wantedVersion: '' }],
  [Rollout, { ...policy, wantedVersion: 'v1' }],
  [Rollout, { releasesImagePolicy: { name: 'app', wantedVersion: 'v1' }, wantedVersion: 'v1' }],
  [Rollout, { releasesImagePolicy: { name: 'app', wantedVersion: 'v1' }, wantedVersion: '' }],
  [Rollout, { ...policy, healthCheckSelector: {} }],
  [Rollout, { ...policy, healthCheckSelector: { matchLabels: { app: 'a' }, namespaceSelector: {} } }],
  [Rollout, { ...policy, healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: [] }] } }],
  [Rollout, { ...policy, bakeTime: '1.5h', deployTimeout: '1h30m500ms', failurePolicy: 'Halt' }],
  [RolloutGate, { rolloutRef: { name: 'app' } }],
  [RolloutGate, { rolloutRef: { name: 'app' }, passing: false, allowedVersions: [] }],
  [HealthCheck, {}],
  [HealthCheck, undefined],
  [HealthCheck, { class: 'anything' }],
  [RolloutSchedule, schedule({ name: 'always' })],
  [RolloutSchedule, schedule({ timeRange: { start: '22:00', end: '06:00' }, daysOfWeek: ['Monday', 'Sunday'] })],
  [RolloutSchedule, schedule({ dateRange: { start: '2025-12-24', end: '2025-12-24' } })],
  [ClusterRolloutSchedule, schedule({ dateRange: { start: '2028-02-29', end: '2028-03-01' } })],
  [
    ClusterRolloutSchedule,
    { ...schedule({ name: 'always' }), namespaceSelector: {}, action: 'Allow', timezone: 'UTC' },
  ],
  [Environment, environment({})],
  [Environment, environment({ environment: 'prod', relationship: { environment: 'staging', type: 'After' } })],
  [Environment, environment({ backend: { type: 'kubernetes' }, requeueInterval: '30s' })],
  [RolloutTest, rolloutTest({ template: pod, backoffLimit: 1 })],
  [RolloutTest, rolloutTest({ spec: { template: pod } })],
];

const refused: [Definition, unknown, string][] = [
  [Rollout, {}, "must have required property 'releasesImagePolicy'"],
  [Rollout, undefined, "must have required property 'spec'"],
  [Rollout, { ...policy, wantedVersion: 'not a tag' }, '/spec/wantedVersion must match pattern'],
  [Rollout, { ...policy, wantedVersion: 'a'.repeat(129) }, '/spec/wantedVersion must NOT have more'],
  [
    Rollout,
    { releasesImagePolicy: { name: 'app', wantedVersion: 'v1' }, wantedVersion: 'v2' },
    'contradict each other',
  ],
  [Rollout, { ...policy, bakeTime: '5 minutes' }, '/spec/bakeTime must match pattern'],
  [Rollout, { ...policy, bakeTime: '-5m' }, '/spec/bakeTime must match pattern'],
  [Rollout, { ...policy, versionHistoryLimit: 0 }, '/spec/versionHistoryLimit must be >= 1'],
  [Rollout, { ...policy, failurePolicy: 'rollback' }, '/spec/failurePolicy must be equal to one of'],
  [Rollout, { ...policy, healthCheckSelector: { selector: {}, matchLabels: { a: 'b' } } }, 'not both'],
  [Rollout, { ...policy, healthCheckSelector: { selector: {}, matchExpressions: [] } }, 'not both'],
  [
    Rollout,
    { ...policy, healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'is' }] } },
    'operator must be In, NotIn, Exists or DoesNotExist',
  ],
  [
    Rollout,
    { ...policy, healthCheckSelector: { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } },
    'In and NotIn need at least one value',
  ],
  [
    Rollout,
    { ...policy, healthCheckSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } },
    'Exists and DoesNotExist take no values',
  ],
  [Rollout, { ...policy, healthCheckSelector: { matchLabels: { a: 'b c' } } }, 'must match pattern'],
  [RolloutGate, { passing: false }, "must have required property 'rolloutRef'"],
  [RolloutSchedule, schedule(), '/spec/rules must NOT have fewer than 1 items'],
  [RolloutSchedule, schedule({}), 'the rule says nothing'],
  [RolloutSchedule, schedule({ timeRange: { start: '9:00', end: '17:00' } }), '/timeRange/start must match pattern'],
  [RolloutSchedule, schedule({ timeRange: { start: '09:00', end: '24:00' } }), '/timeRange/end must match pattern'],
  [RolloutSchedule, schedule({ daysOfWeek: ['monday'] }), 'must be equal to one of the allowed values'],
  [RolloutSchedule, schedule({ dateRange: { start: '2025-12-24', end: '2025-12-23' } }), 'end is before start'],
  [RolloutSchedule, schedule({ dateRange: { start: '2025-02-30', end: '2025-12-23' } }), 'start must match pattern'],
  [RolloutSchedule, { ...schedule({ name: 'a' }), action: 'Block' }, '/spec/action must be equal to one of'],
  [ClusterRolloutSchedule, { rules: [{ name: 'a' }] }, "must have required property 'rolloutSelector'"],
  [Environment, environment({ name: '' }), '/spec/name must NOT have fewer than 1'],
  [Environment, environment({ backend: { type: 'gitlab' } }), '/spec/backend/type must be equal to one of'],
  [Environment, environment({ backend: { type: 'github' } }), 'project is required'],
  [Environment, environment({ backend: { type: 'github', project: 'app' } }), 'project must be owner/repo'],
  [
    Environment,
    environment({ environment: 'a', relationship: { environment: 'a', type: 'After' } }),
    'cannot wait for itself',
  ],
  [Environment, environment({ relationship: { environment: 'a', type: 'After' } }), 'needs a name of its own'],
  [
    Environment,
    environment({ environment: 'b', relationship: { environment: 'a', type: 'after' } }),
    'must be equal to',
  ],
  [RolloutTest, rolloutTest({}), 'exactly one of template and spec.template'],
  [RolloutTest, rolloutTest({ template: pod, spec: { template: pod } }), 'exactly one of template and spec.template'],
  [RolloutTest, rolloutTest({ template: {} }), "must have required property 'spec'"],
  [RolloutTest, { ...rolloutTest({ template: pod }), stepIndex: 0 }, '/spec/stepIndex must be >= 1'],
];

describe('the API server', () => {
  test.each(accepted.map(([definition, spec]) => ({ kind: definition.kind, definition, spec })))(
    'accepts $kind $spec',
    ({ definition, spec }) => {
      expect(violations(definition, spec)).toEqual([]);
    },
  );

  test.each(refused.map(([definition, spec, message]) => ({ kind: definition.kind, definition, spec, message })))(
    'refuses $kind $spec: $message',
    ({ definition, spec, message }) => {
      expect(violations(definition, spec).join('\n')).toContain(message);
    },
  );
});
