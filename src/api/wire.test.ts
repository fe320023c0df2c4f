/** What other programs and people rely on, spelled out: a change here breaks them. */
import { describe, expect, test } from 'vitest';
import { keySections } from './annotation-table.ts';
import * as annotations from './annotations.ts';
import {
  KruiseConditionType,
  KruiseReason,
  kruiseConditions,
  RolloutTestConditionType,
  RolloutTestReason,
  rolloutTestConditions,
} from './canary-conditions.ts';
import { ConditionReason, EventReason, RolloutConditionType } from './conditions.ts';
import type { ConditionDoc } from './define-resource.ts';
import { BackendType, RelationshipType } from './environment.ts';
import { resources } from './resources.ts';
import { BakeStatus, FailurePolicy } from './rollout.ts';
import { rolloutConditions, rolloutEvents } from './rollout-conditions.ts';
import { RolloutTestPhase } from './rollout-test.ts';
import { ScheduleAction, ScheduleConditionReason, scheduleConditions, Weekday } from './schedule.ts';

const values = (constants: object): string[] => Object.values(constants) as string[];
const documentedTypes = (docs: readonly ConditionDoc[]) => docs.map(({ type }) => type);
const documentedReasons = (docs: readonly ConditionDoc[]) =>
  new Set(docs.flatMap(({ reasons }) => reasons.map(({ reason }) => reason)));

test('resources', () => {
  expect(
    resources.map(({ options }) => `${options.plural}.${options.group}/${options.version} ${options.kind}`),
  ).toEqual([
    'rollouts.kuberik.com/v1alpha1 Rollout',
    'rolloutgates.kuberik.com/v1alpha1 RolloutGate',
    'approvals.kuberik.com/v1alpha1 Approval',
    'freezes.kuberik.com/v1alpha1 Freeze',
    'healthchecks.kuberik.com/v1alpha1 HealthCheck',
    'rolloutschedules.kuberik.com/v1alpha1 RolloutSchedule',
    'clusterrolloutschedules.kuberik.com/v1alpha1 ClusterRolloutSchedule',
    'environments.environments.kuberik.com/v1alpha1 Environment',
    'rollouttests.rollout.kuberik.com/v1alpha1 RolloutTest',
  ]);
});

test('annotation and label keys', () => {
  const constants = Object.entries(annotations).filter(([, value]) => typeof value === 'string');
  expect(Object.fromEntries(constants)).toEqual({
    RETRY: 'rollout.kuberik.com/retry',
    BYPASS_GATES: 'rollout.kuberik.com/bypass-gates',
    UNBLOCK_FAILED: 'rollout.kuberik.com/unblock-failed',
    DEPLOY: 'rollout.kuberik.com/deploy',
    ROLLBACK: 'rollout.kuberik.com/rollback',
    REVOKE: 'rollout.kuberik.com/revoke',
    FORCE_DEPLOY: 'rollout.kuberik.com/force-deploy',
    DEPLOY_MESSAGE: 'rollout.kuberik.com/deploy-message',
    DEPLOY_USER: 'rollout.kuberik.com/deploy-user',
    OCI_REPOSITORY_ROLLOUT: 'rollout.kuberik.com/rollout',
    OCI_REPOSITORY_ROLLOUT_NAME: 'rollout.kuberik.com/name',
    OCI_REPOSITORY_ROLLOUT_NAMESPACE: 'rollout.kuberik.com/namespace',
    HEALTH_CHECK_KUSTOMIZATION: 'healthcheck.kuberik.com/kustomization',
    HEALTH_CHECK_REQUEUE_INTERVAL: 'healthcheck.kuberik.com/requeue-interval',
    HEALTH_CHECK_PROMETHEUS_URL: 'healthcheck.kuberik.com/prometheus-url',
    HEALTH_CHECK_PROMETHEUS_ALERT_LABELS: 'healthcheck.kuberik.com/prometheus-alert-labels',
    GATE_PRETTY_NAME: 'gate.kuberik.com/pretty-name',
    GATE_DESCRIPTION: 'gate.kuberik.com/description',
    GATE_SCHEDULE_NAME: 'gate.kuberik.com/schedule-name',
    GATE_SCHEDULE_KIND: 'gate.kuberik.com/schedule-kind',
    GATE_SCHEDULE_NAMESPACE: 'gate.kuberik.com/schedule-namespace',
    GATE_ROLLOUT_NAME: 'gate.kuberik.com/rollout-name',
    FLUX_KUSTOMIZATION_NAME: 'kustomize.toolkit.fluxcd.io/name',
    FLUX_KUSTOMIZATION_NAMESPACE: 'kustomize.toolkit.fluxcd.io/namespace',
    RETRY_MODE: 'rollouttest.kuberik.com/retry-mode',
    RETRY_MODE_SKIP: 'skip',
    KRUISE_VERSION: 'version',
    LAST_STEP_INDEX: 'internal.rollout.kuberik.io/last-step-index',
    JOB_HEALTH_CHECK: 'healthcheck.kuberik.com/name',
    JOB_HEALTH_CHECK_ROLLOUT: 'healthcheck.kuberik.com/rollout',
    JOB_ROLLOUT_TEST: 'rollout-test',
    JOB_CANARY_REVISION: 'rollout.kuberik.io/canary-revision',
    DISPLAY_NAME: 'kuberik.com/display-name',
    LINK_PREFIX: 'rollout.kuberik.com/link.',
    DATADOG_HEALTH_CHECK: 'kuberik.com/health-check',
    DATADOG_MONITOR: 'kuberik.com/datadog-monitor',
    MANAGED_BY: 'kuberik.com/managed-by',
    DATADOG_MONITOR_NAME: 'kuberik.com/datadog-monitor-name',
    DATADOG_MONITOR_UID: 'kuberik.com/datadog-monitor-uid',
  });
});

test('keys of canary steps use the domain kuberik.io and count from 1', () => {
  const { stepBakeTime, stepReadyTimeout, stepStartedAt, stepReadyAt, stepLastRevision } = annotations;
  expect([stepBakeTime, stepReadyTimeout, stepStartedAt, stepReadyAt, stepLastRevision].map((key) => key(12))).toEqual([
    'rollout.kuberik.io/step-12-bake-time',
    'rollout.kuberik.io/step-12-ready-timeout',
    'internal.rollout.kuberik.io/step-12-started-at',
    'internal.rollout.kuberik.io/step-12-ready-at',
    'internal.rollout.kuberik.io/step-12-last-revision',
  ]);
});

test.each([
  ['rollout.kuberik.com/substitute.VERSION.from', 'VERSION'],
  ['rollout.kuberik.com/substitute.frontend_version.from', 'frontend_version'],
  ['rollout.kuberik.com/substitute..from', undefined],
  ['rollout.kuberik.com/substitute.a.b.from', undefined],
  ['rollout.kuberik.com/my-app.substitute', undefined],
  ['x.rollout.kuberik.com/substitute.VERSION.from', undefined],
])('%s hands out the variable %s', (key, variable) => {
  expect(annotations.substituteVariable(key)).toBe(variable);
});

test.each([
  ['\\ http://prometheus:9090', 'http://prometheus:9090'],
  ['http://prometheus:9090', 'http://prometheus:9090'],
  ['\\\n  app=a,\\\n  b=c', 'app=a,b=c'],
  [' padded\n', 'padded'],
  ['a\\b', 'a\\b'],
])('the annotation value %j is %s', (text, expected) => {
  expect(annotations.annotationValue(text)).toBe(expected);
});

describe('conditions', () => {
  test('of a Rollout', () => {
    expect(values(RolloutConditionType)).toEqual([
      'ReleasesUpdated',
      'GatesPassing',
      'DeploymentBlocked',
      'BakeFailureDisabled',
      'Ready',
      'TargetsUpdated',
      'Progressing',
    ]);
    // What the first version wrote must stay, under these very names.
    expect(values(ConditionReason)).toEqual(
      expect.arrayContaining([
        ...['ReleasesUpdated', 'AllGatesPassing', 'GatesBypassed', 'SomeGatesBlocking', 'NoAllowedVersions'],
        ...['ManualDeployment', 'UnhealthyHealthChecks', 'HealthChecksHealthy', 'Normal', 'PreviousBakeFailed'],
        ...['DeployedWithUnhealthyHealthChecks', 'RolloutSucceeded', 'BakeTimePassed', 'BakeTimeFailed'],
        ...['RolloutFailed', 'GateListFailed', 'HealthCheckListFailed', 'BakeTimeRetrying'],
      ]),
    );
  });

  test('of a RolloutTest and of a Kruise Rollout', () => {
    expect(values(RolloutTestConditionType)).toEqual(['Ready', 'Failed', 'Stalled']);
    expect(values(RolloutTestReason)).toEqual([
      ...['JobPending', 'JobInProgress', 'JobSucceeded', 'JobFailed', 'JobCancelled', 'StepAdvanced', 'TestSkipped'],
    ]);
    expect(values(KruiseConditionType)).toEqual(['Stalled', 'KuberikBakeHealthy']);
    expect(values(KruiseReason)).toEqual([
      ...['RolloutTestFailed', 'StepReadyTimeoutExceeded', 'WithinDeadline', 'RetryRequested'],
      ...['KuberikRolloutBakeFailed', 'BakeHealthy', 'BakeFailed'],
    ]);
  });

  test('events of a Rollout', () => {
    expect(values(EventReason)).toEqual(
      expect.arrayContaining([
        ...['HealthCheckBlocking', 'BakeTimeCancelled', 'BakeTimeDeploying', 'DeploymentSucceeded', 'BakeTimeStarted'],
        ...['BakeTimePassed', 'BakeTimeFailed', 'RetryRequested', 'RolloutFailed'],
      ]),
    );
  });

  test('every constant is its own name', () => {
    const tables = [RolloutConditionType, ConditionReason, EventReason, RolloutTestReason, KruiseReason];
    for (const table of [...tables, ScheduleConditionReason]) expect(values(table)).toEqual(Object.keys(table));
  });
});

describe('values', () => {
  test.each([
    ['bakeStatus', BakeStatus, ['Deploying', 'InProgress', 'Succeeded', 'Failed', 'Cancelled']],
    ['failurePolicy', FailurePolicy, ['Rollback', 'Halt']],
    ['action', ScheduleAction, ['Allow', 'Deny']],
    ['daysOfWeek', Weekday, ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']],
    ['relationship type', RelationshipType, ['After', 'Parallel']],
    ['backend type', BackendType, ['github', 'kubernetes', 'oci']],
    [
      'phase',
      RolloutTestPhase,
      ['WaitingForStep', 'Pending', 'Running', 'Succeeded', 'Failed', 'Cancelled', 'Skipped'],
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe('the reference has', () => {
  test.each([
    ['Rollout', rolloutConditions, RolloutConditionType, ConditionReason],
    ['RolloutTest', rolloutTestConditions, RolloutTestConditionType, RolloutTestReason],
    ['Kruise Rollout', kruiseConditions, KruiseConditionType, KruiseReason],
    ['schedule', scheduleConditions, { Ready: 'Ready' }, ScheduleConditionReason],
  ])('every condition type and reason of a %s', (_, docs, types, reasons) => {
    expect(documentedTypes(docs)).toEqual(values(types));
    expect([...documentedReasons(docs)].sort()).toEqual(values(reasons).sort());
  });

  test('every event reason of a Rollout', () => {
    expect(rolloutEvents.map(({ reason }) => reason)).toEqual(expect.arrayContaining(values(EventReason)));
  });

  test('every annotation and label key once', () => {
    const documented = keySections.flatMap(({ keys }) => keys.map(({ key }) => key));
    const constants = values(annotations).filter((value) => typeof value === 'string');
    for (const key of constants) {
      if (key === annotations.RETRY_MODE_SKIP) continue;
      expect(documented.filter((text) => text === key || text === `${key}<Label>`)).toEqual([expect.any(String)]);
    }
    expect(documented.length).toBe(new Set(documented).size);
  });
});
