/** Kinds that are defined: Kuberik's and Flux' as they are shipped, and the widgets of the table. */
import { field, type Kind } from './kind.ts';

const time = '2026-01-01T00:00:00Z';
const condition = (type: string, status: string): object => ({
  type,
  status,
  lastTransitionTime: time,
  reason: 'Fine',
  message: '',
});
const conditions = field(
  'status.conditions',
  [[condition('Ready', 'True')], [condition('Ready', 'False'), condition('Stalled', 'True')], []],
  [[condition('Ready', 'Yes')], [condition('Ready', 'True'), condition('Ready', 'False')], 'x', [{ type: 'Ready' }]],
);
const observed = field('status.observedGeneration', [1, 2], ['x']);
const history = (tag: string, rest: object = {}): object => ({ id: 1, version: { tag }, timestamp: time, ...rest });
const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] };

export const customKinds = {
  Widget: {
    kind: 'Widget',
    plural: 'widgets',
    apiVersion: 'table.example.com/v1',
    custom: true,
    base: { spec: { size: 1 } },
    fields: [
      field('spec.size', [1, 5], [0, 'x', 11, 1.5, null]),
      field('spec.limit', [5, 20], ['x', 0, null]),
      field('spec.color', ['red', 'blue'], ['green', 1]),
      field('spec.frozen', ['a', 'b']),
      field('spec.replicas', [0, 2], ['x']),
      field(
        'spec.parts',
        [[{ name: 'a', value: '1' }], [{ name: 'b' }, { name: 'a', value: '2' }], [{ name: 'c', value: '3' }], []],
        [[{ value: '1' }], [{ name: 'a' }, { name: 'a' }], [{ name: 1 }], ['a'], 'a'],
      ),
      field('spec.tags', [['a'], ['b', 'a'], []], [['a', 'a'], ['a', 'b', 'c'], [1], 'a']),
      field('spec.odd', [1, 3], [2]),
      field('spec.loud', [true], [false, 'x']),
      field('spec.ratio', [0.5, 0], [2]),
      field('spec.foo', [], [1, { a: 1 }]),
      field('spec', [], ['x', null, []]),
    ],
    status: [field('status.phase', ['a', 'b'], [1]), field('status.replicas', [1, 2]), field('status.foo', [], [1])],
    scale: true,
  },
  Rollout: {
    kind: 'Rollout',
    plural: 'rollouts',
    apiVersion: 'kuberik.com/v1alpha1',
    custom: true,
    base: { spec: { releasesImagePolicy: { name: 'app' } } },
    fields: [
      field(
        'spec.releasesImagePolicy',
        [{ name: 'app' }, { name: 'other' }],
        [{}, 'app', null, { name: 'a', tag: 'x' }],
      ),
      field('spec.wantedVersion', ['1.0.0', '2.0.0'], ['a b', 'v'.repeat(129), 1]),
      field('spec.versionHistoryLimit', [1, 5], [0, '10', 1.5, 3_000_000_000, null]),
      field('spec.bakeTime', ['1h30m', '10m'], ['soon', 10]),
      field('spec.failurePolicy', ['Halt', 'Rollback'], ['Panic', null]),
      field(
        'spec.healthCheckSelector',
        [selector, { matchLabels: { app: 'x' } }, {}],
        [
          { selector: {}, matchLabels: { a: 'b' } },
          { matchExpressions: [{ key: 'a', operator: 'Like' }] },
          { matchLabels: { a: '-' } },
        ],
      ),
      field('spec.wanted', [], ['1']),
    ],
    status: [
      field('status.title', ['one', 'two'], [1]),
      field(
        'status.history',
        [[history('1')], [history('2', { bakeStatus: 'Succeeded' }), history('1')], []],
        [[{ version: { tag: '1' } }], [history('1', { timestamp: 'today' })], 'x'],
      ),
      conditions,
    ],
  },
  RolloutGate: {
    kind: 'RolloutGate',
    plural: 'rolloutgates',
    apiVersion: 'kuberik.com/v1alpha1',
    custom: true,
    base: { spec: { rolloutRef: { name: 'app' } } },
    fields: [
      field('spec.rolloutRef', [{ name: 'other' }, {}], ['x', null]),
      field('spec.passing', [true, false], ['x', null]),
      field('spec.allowedVersions', [[], ['1'], ['1', '2']], ['1', [1]]),
      field('spec.validUntil', [time], ['tomorrow']),
      field('spec.class', ['manual', 'http', 'example.com/moon'], ['a b', 1]),
      field('spec.approval', [{ required: 2 }, { notBy: 'deployer' }], [{ required: 0 }, { expiresAfter: 'soon' }]),
      field(
        'spec.http',
        [{ url: 'https://example.com' }],
        [{}, { url: 'x' }, { url: 'https://e.com', method: 'BREW' }],
      ),
    ],
    status: [
      observed,
      field('status.passing', [true, false], ['x']),
      field('status.verdicts', [[{ tag: '1', allowed: true, timestamp: time }], []], [[{ tag: '1' }]]),
    ],
  },
  HealthCheck: {
    kind: 'HealthCheck',
    plural: 'healthchecks',
    apiVersion: 'kuberik.com/v1alpha1',
    custom: true,
    base: { spec: {} },
    fields: [
      field('spec.class', ['kustomization', 'http', 'job'], [1]),
      field('spec.interval', ['30s', '1m'], ['soon']),
      field('spec.failureThreshold', [1, 3], [0, 'x']),
      field('spec.kustomization', [{ name: 'a' }], [{}, 'a']),
      field('spec.http', [{ url: 'https://example.com', headers: { a: 'b' } }], [{ url: 1 }, { headers: {} }]),
      field('spec.http.expectedStatuses', [[200], [200, 204]], [[], ['200']]),
      field('spec.noDataPolicy', ['Hold'], ['Guess']),
    ],
    status: [
      field('status.status', ['Healthy', 'Pending'], ['Fine']),
      field('status.message', ['one', 'two']),
      observed,
    ],
  },
  Approval: {
    kind: 'Approval',
    plural: 'approvals',
    apiVersion: 'kuberik.com/v1alpha1',
    custom: true,
    base: { spec: { gateRef: { name: 'qa' }, version: '1', decision: 'Approve', by: 'jane' } },
    fields: [
      field('spec.decision', ['Approve', 'Reject'], ['Maybe']),
      field('spec.reason', ['seen', 'liked'], [1]),
      field('spec.version', ['1', '2'], ['a b', null]),
      field('spec.gateRef', [], [{}, null]),
    ],
  },
  Freeze: {
    kind: 'Freeze',
    plural: 'freezes',
    apiVersion: 'kuberik.com/v1alpha1',
    namespaced: false,
    custom: true,
    base: { spec: { reason: 'an incident' } },
    fields: [
      field('spec.reason', ['one', 'two'], ['', 1, null]),
      field('spec.until', [time], ['tomorrow']),
      field('spec.rolloutSelector', [selector, {}], [{ matchExpressions: [{ key: 'a', operator: 'Like' }] }]),
    ],
  },
  Kustomization: {
    kind: 'Kustomization',
    plural: 'kustomizations',
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    custom: true,
    base: { spec: { interval: '10m', prune: true, sourceRef: { kind: 'OCIRepository', name: 'app' } } },
    fields: [
      field('spec.interval', ['5m', '10m'], ['soon', null]),
      field(
        'spec.postBuild',
        [{ substitute: { VERSION: '1' } }, { substitute: { VERSION: '2', OTHER: 'x' } }],
        [{ substitute: { VERSION: 1 } }],
      ),
      field('spec.postBuild.substitute.MINE', ['1', '2']),
      field('spec.wait', [true, false], ['x']),
      field('spec.force', [true], [null]),
      field('spec.sourceRef', [{ kind: 'GitRepository', name: 'app' }], [{ kind: 'Cloud', name: 'app' }, {}]),
      field('spec.images', [[{ name: 'a', newTag: '1' }], [{ name: 'b' }, { name: 'a' }], []], [[{}], 'x']),
      field('spec.dependsOn', [[{ name: 'a' }]], [['a']]),
      field('spec.foo', [], [1]),
    ],
    status: [conditions, observed, field('status.lastAppliedRevision', ['a@sha256:1', 'b@sha256:2'], [1])],
  },
  OCIRepository: {
    kind: 'OCIRepository',
    plural: 'ocirepositories',
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    custom: true,
    base: { spec: { interval: '10m', url: 'oci://example.com/app' } },
    fields: [
      field('spec.url', ['oci://example.com/other'], ['https://example.com', 1, null]),
      field('spec.ref', [{ tag: '1' }, { digest: 'sha256:1' }], ['x', { tag: 1 }]),
      field('spec.ref.semver', ['1.x']),
      field('spec.timeout', ['30s'], ['1h', null]),
      field('spec.provider', ['aws', 'generic'], ['moon', null]),
    ],
    status: [conditions, observed, field('status.url', ['a', 'b'])],
  },
  OldOCIRepository: {
    kind: 'OCIRepository',
    plural: 'ocirepositories',
    apiVersion: 'source.toolkit.fluxcd.io/v1beta2',
    custom: true,
    base: { spec: { interval: '10m', url: 'oci://example.com/app' } },
    fields: [field('spec.ref', [{ tag: '1' }, { tag: '2' }]), field('spec.insecure', [true, false], ['x'])],
    status: [conditions],
  },
  ImagePolicy: {
    kind: 'ImagePolicy',
    plural: 'imagepolicies',
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    custom: true,
    base: { spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=1.0.0' } } } },
    fields: [
      field(
        'spec.policy',
        [{ alphabetical: { order: 'asc' } }, { numerical: {} }],
        [{ alphabetical: { order: 'up' } }],
      ),
      field('spec.filterTags', [{ pattern: 'v.*', extract: '$1' }], ['x']),
      field('spec.digestReflectionPolicy', ['Never', 'IfNotPresent'], ['Always', 'Often']),
      field('spec.interval', [], ['1m']),
    ],
    status: [
      conditions,
      field(
        'status.latestRef',
        [
          { name: 'a', tag: '1' },
          { name: 'a', tag: '2' },
        ],
        [{ name: 'a' }],
      ),
    ],
  },
} satisfies Record<string, Kind>;
