/** Our kinds as the real kubectl shows them: explained, in columns, and with the field named when something is wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from '../../../src/api/resources.ts';
import { rollout } from '../../support/objects.ts';
import { run } from '../control-plane/command.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { kubectlOf } from '../install/installation.ts';

let plane: ControlPlane;
let kubectl: ReturnType<typeof kubectlOf>;

beforeAll(async () => {
  plane = await startControlPlane({ name: 'kinds', flux: false, workloads: false });
  kubectl = kubectlOf(plane);
});
afterAll(() => plane[Symbol.asyncDispose]());

/** On standard input. */
async function pipe(object: unknown, ...parameters: readonly string[]): Promise<string> {
  const flags = [`--kubeconfig=${plane.kubeconfig}`, ...parameters, '-f', '-'];
  return run(plane.obtained.program('kubectl'), flags, { input: JSON.stringify(object) });
}

const address = ({ plural, group }: { plural: string; group: string }): string => `${plural}.${group}`;

describe('kubectl explain', () => {
  test.concurrent.each(resources.map(({ options }) => options))('says what a $kind is', async (options) => {
    const text = await kubectl('explain', address(options));
    expect(text).toContain(`KIND:       ${options.kind}`);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(options.description.slice(0, 60));
  });

  test.concurrent.each([
    ['rollouts.spec.bakeTime', 'How long a deployment must stay healthy'],
    ['rollouts.spec.failurePolicy', 'ENUM:'],
    ['rollouts.spec.releasesImagePolicy.name', 'Name of the Flux ImagePolicy in this namespace'],
    ['rollouts.status.history.bakeStatus', 'Succeeded'],
    ['healthchecks.spec.class', 'kustomization'],
    ['rolloutgates.spec.allowedVersions', 'Absent: every tag'],
    ['rolloutgates.spec.approval.notBy', 'ENUM:'],
    ['approvals.spec.by', 'User name of the person who decides'],
    ['freezes.spec.until', 'When it ends by itself'],
    ['rolloutschedules.spec.rules.timeRange', 'FIELDS:'],
    ['environments.spec.relationship', 'FIELDS:'],
    ['rollouttests.spec.jobTemplate', 'DESCRIPTION:'],
  ])('%s', async (field, said) => {
    expect((await kubectl('explain', field)).replaceAll(/\s+/g, ' ')).toContain(said);
  });
});

const api = 'kuberik.com/v1alpha1';
const metadata = { name: 'app', namespace: 'default' };
const history = [
  { version: { tag: 'v1.0.0' }, timestamp: '2026-07-02T10:00:00Z', message: 'Automatic', bakeStatus: 'Succeeded' },
];
const conditions = ['GatesPassing', 'Ready'].map((type) => {
  return { type, status: 'True', reason: 'Good', message: 'All good.', lastTransitionTime: '2026-07-02T10:00:00Z' };
});
const schedule = { rolloutSelector: {}, rules: [{ daysOfWeek: ['Monday'] }] };

const shown = [
  {
    object: { ...rollout('app', { bakeTime: '5m' }), metadata },
    status: { history, conditions, availableReleases: [{ tag: 'v1.0.0' }, { tag: 'v1.1.0' }] },
    columns: {
      NAME: 'app',
      VERSION: 'v1.0.0',
      MESSAGE: 'Automatic',
      BAKESTATUS: 'Succeeded',
      BAKETIME: '5m',
      GATES: 'True',
      AVAILABLE: 'v1.1.0',
      READY: 'True',
      STATUS: 'All good.',
    },
  },
  {
    object: { apiVersion: api, kind: 'HealthCheck', metadata, spec: { class: 'kustomization' } },
    status: { status: 'Healthy', message: 'all well' },
    columns: { NAME: 'app', CLASS: 'kustomization', STATUS: 'Healthy', MESSAGE: 'all well' },
  },
  {
    object: { apiVersion: api, kind: 'RolloutGate', metadata, spec: { rolloutRef: { name: 'web' }, class: 'manual' } },
    columns: { NAME: 'app', ROLLOUT: 'web', CLASS: 'manual', PASSING: 'true' },
  },
  {
    object: {
      apiVersion: api,
      kind: 'Approval',
      metadata,
      spec: { gateRef: { name: 'qa' }, version: 'v1.0.0', decision: 'Approve', by: 'admin', reason: 'good' },
    },
    columns: {
      NAME: 'app',
      GATE: 'qa',
      VERSION: 'v1.0.0',
      DECISION: 'Approve',
      BY: 'admin',
      REASON: 'good',
    },
  },
  {
    object: {
      apiVersion: api,
      kind: 'Freeze',
      metadata: { name: 'app' },
      spec: { reason: 'incident', until: '2026-07-02T10:00:00Z' },
    },
    columns: { NAME: 'app', REASON: 'incident', UNTIL: '2026-07-02T10:00:00Z' },
  },
  {
    object: { apiVersion: api, kind: 'RolloutSchedule', metadata, spec: schedule },
    status: { active: true, matchingRollouts: 2 },
    columns: { NAME: 'app', ACTION: 'Deny', ACTIVE: 'true', MATCHING: '2' },
  },
  {
    object: { apiVersion: api, kind: 'ClusterRolloutSchedule', metadata: { name: 'app' }, spec: schedule },
    status: { active: true, matchingRollouts: 2 },
    columns: { NAME: 'app', ACTION: 'Deny', ACTIVE: 'true', MATCHING: '2' },
  },
  {
    object: {
      apiVersion: 'environments.kuberik.com/v1alpha1',
      kind: 'Environment',
      metadata,
      spec: {
        name: 'my-app',
        environment: 'production',
        rolloutRef: { name: 'app' },
        relationship: { environment: 'staging', type: 'After' },
        backend: { type: 'github', project: 'me/my-app', secret: 'token' },
      },
    },
    status: { currentVersion: '0a4bf4c' },
    columns: {
      NAME: 'app',
      APPLICATION: 'my-app',
      ENVIRONMENT: 'production',
      AFTER: 'staging',
      VERSION: '0a4bf4c',
    },
  },
  {
    object: {
      apiVersion: 'rollout.kuberik.com/v1alpha1',
      kind: 'RolloutTest',
      metadata,
      spec: {
        rolloutName: 'app',
        stepIndex: 1,
        jobTemplate: { template: { spec: { containers: [{ name: 'a', image: 'b' }], restartPolicy: 'Never' } } },
      },
    },
    status: { phase: 'Succeeded' },
    columns: { NAME: 'app', ROLLOUT: 'app', STEP: '1', PHASE: 'Succeeded' },
  },
];

describe('kubectl get', () => {
  test('is asked for every kind', () => {
    expect(shown.map(({ object }) => object.kind).sort()).toEqual(resources.map(({ options }) => options.kind).sort());
  });

  test.concurrent.each(shown)('$object.kind', async ({ object, status, columns }) => {
    const [group] = object.apiVersion.split('/');
    const options = resources.map((resource) => resource.options).find(({ kind }) => kind === object.kind);
    if (options === undefined) throw new Error(`no ${object.kind} of ${group ?? ''}`);
    await pipe(object, 'create');
    if (status !== undefined) {
      const patch = ['patch', address(options), 'app', '--subresource=status', '--type=merge'];
      await kubectl(...patch, '-p', JSON.stringify({ status }));
    }
    const [header = '', row = ''] = (await kubectl('get', address(options), 'app')).split('\n');
    const found = [...header.padEnd(row.length).matchAll(/\S+\s*/g)].map(({ 0: title, index }) => [
      title.trim(),
      row.slice(index, index + title.length).trim(),
    ]);
    const { AGE: age, ...others } = Object.fromEntries(found) as Record<string, string>;
    expect(others).toEqual(columns);
    expect(age).toMatch(/^\d+\w$/);
    expect(header.split(/\s+/).filter(Boolean)).toEqual(
      ['Name', ...options.columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name)].map((name) =>
        name.toUpperCase(),
      ),
    );
  });
});

describe('kubectl apply is refused, with the field,', () => {
  const policy = { releasesImagePolicy: { name: 'app' } };
  const wrong = { name: 'bad' };
  const gateOf = (spec: object) => ({ apiVersion: api, kind: 'RolloutGate', metadata: wrong, spec });
  const scheduleOf = (spec: object) => ({ apiVersion: api, kind: 'RolloutSchedule', metadata: wrong, spec });
  test.concurrent.each([
    ['a duration that is none', rollout('bad', { bakeTime: 'soon' }), 'spec.bakeTime: Invalid value'],
    ['no policy', { ...rollout('bad'), spec: {} }, 'spec.releasesImagePolicy: Required value'],
    ['a history without room', rollout('bad', { versionHistoryLimit: 0 }), 'spec.versionHistoryLimit: Invalid value'],
    ['a tag that cannot be one', rollout('bad', { wantedVersion: 'not a tag' }), 'spec.wantedVersion: Invalid value'],
    ['an unknown policy', rollout('bad', { failurePolicy: 'Pray' }), 'spec.failurePolicy: Unsupported value: "Pray"'],
    [
      'two pins that differ',
      rollout('bad', { wantedVersion: 'v1', releasesImagePolicy: { name: 'app', wantedVersion: 'v2' } }),
      'wantedVersion and releasesImagePolicy.wantedVersion contradict each other',
    ],
    [
      'two forms of one selector',
      rollout('bad', { healthCheckSelector: { selector: {}, matchLabels: { a: 'b' } } }),
      'use either selector or its short form',
    ],
    ['an unknown field', rollout('bad', { ...policy, bakeTmie: '5m' }), 'unknown field "spec.bakeTmie"'],
    ['a gate for nobody', gateOf({ passing: true }), 'spec.rolloutRef: Required value'],
    ['a gate that says maybe', gateOf({ rolloutRef: { name: 'app' }, passing: 'maybe' }), 'spec.passing'],
    ['a schedule without rules', scheduleOf({ rolloutSelector: {}, rules: [] }), 'spec.rules: Invalid value'],
    [
      'a day that is none',
      scheduleOf({ rolloutSelector: {}, rules: [{ daysOfWeek: ['Someday'] }] }),
      'spec.rules[0].daysOfWeek[0]: Unsupported value: "Someday"',
    ],
  ])('%s', async (_, object, field) => {
    for (const flags of [[], ['--server-side']]) {
      const refusal = await pipe(object, '-n', 'default', 'apply', '--dry-run=server', ...flags).catch(String);
      // A server-side apply knows the types of fields before it validates them, and says so in words of its own.
      const alternative = field.replace(/^unknown field "(.*)"$/, '.$1: field not declared in schema');
      expect(
        [field, alternative].some((text) => refusal.includes(text)),
        refusal,
      ).toBe(true);
    }
  });
});
