/** Kinds that every server has. */
import { field, type Kind } from './kind.ts';

const container = (name: string, image: string, rest: object = {}): object => ({ name, image, ...rest });
const one = container('one', 'x:1');
const two = container('two', 'y:1', { env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] });
const condition = (type: string, status: string): object => ({
  type,
  status,
  lastTransitionTime: '2026-01-01T00:00:00Z',
  lastUpdateTime: '2026-01-01T00:00:00Z',
  reason: 'R',
  message: 'm',
});

export const builtInKinds = {
  ConfigMap: {
    kind: 'ConfigMap',
    plural: 'configmaps',
    apiVersion: 'v1',
    base: {},
    fields: [
      field('data.x', ['1', '2', ''], [1, { a: 'b' }]),
      field('data.y', ['1', '2']),
      field('data', [{ x: '1' }, { x: '2', z: 'ü' }, {}], [{ 'bad key!': 'x' }, 'x', [1]]),
      field('binaryData.b', ['AAEC', ''], ['not base64!', 3]),
      field('immutable', [false], ['yes']),
      field('dta', [], [{ x: '1' }]),
    ],
  },
  Secret: {
    kind: 'Secret',
    plural: 'secrets',
    apiVersion: 'v1',
    base: {},
    fields: [
      field('data.x', ['AAEC', 'eA=='], [1]),
      field('stringData.x', ['plain', 'plainer']),
      field('stringData.y', ['more'], [5]),
      field('type', ['Opaque'], ['example.com/other', 4]),
      field('immutable', [false, true]),
    ],
    selectable: { type: 'Opaque' },
  },
  Deployment: {
    kind: 'Deployment',
    plural: 'deployments',
    apiVersion: 'apps/v1',
    base: {
      spec: {
        selector: { matchLabels: { app: 'x' } },
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [one] } },
      },
    },
    fields: [
      field('spec.replicas', [0, 1, 3], [-1, 'x', 1.5]),
      field('spec.paused', [true, false], ['yes']),
      field('spec.minReadySeconds', [0, 5]),
      field('spec.revisionHistoryLimit', [1, 10]),
      field('spec.template.metadata.annotations.at', ['1', '2']),
      field('spec.template.metadata.labels', [{ app: 'x', more: 'y' }, { app: 'x' }], [{ app: 'z' }]),
      field(
        'spec.template.spec.containers',
        [[one], [one, two], [two, one], [container('one', 'x:2')]],
        [[], [one, one], [{ name: 'one' }], [{ image: 'x' }], 'x'],
      ),
      field('spec.template.spec.terminationGracePeriodSeconds', [10, 30]),
      field('spec.strategy', [{ type: 'Recreate' }, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }]),
      field('spec.selector', [], [{ matchLabels: { app: 'z' } }, null]),
      field('spec.foo', [], [1]),
    ],
    status: [
      field('status.replicas', [1, 2], ['x']),
      field('status.observedGeneration', [1, 2]),
      field('status.conditions', [[condition('Available', 'True')], [condition('Progressing', 'False')], []], ['x']),
      field('status.foo', [], [1]),
    ],
    scale: true,
  },
  Namespace: {
    kind: 'Namespace',
    plural: 'namespaces',
    apiVersion: 'v1',
    namespaced: false,
    base: {},
    fields: [
      field('metadata.labels.kubernetes~io/metadata~name', [], ['other']),
      field('spec.finalizers', [], [[], ['example.com/hold']]),
      field('spec.foo', [], [1]),
    ],
    status: [field('status.conditions', [[{ ...condition('Odd', 'True'), lastUpdateTime: undefined }], []])],
    lingers: true,
    selectable: { 'status.phase': 'Active' },
  },
  Event: {
    kind: 'Event',
    plural: 'events',
    apiVersion: 'v1',
    base: {
      involvedObject: { kind: 'Pod', name: 'p', namespace: '$(run)' },
      reason: 'R',
      type: 'Normal',
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      source: { component: 'c' },
    },
    fields: [
      field('message', ['m', 'n'], [1]),
      field('count', [1, 2], ['x']),
      field('reason', ['R', 'S']),
      field('lastTimestamp', ['2026-01-02T00:00:00Z', null]),
      field('source.component', ['c', 'd']),
    ],
    selectable: { 'involvedObject.kind': 'Pod', reason: 'R' },
  },
  Lease: {
    kind: 'Lease',
    plural: 'leases',
    apiVersion: 'coordination.k8s.io/v1',
    base: { spec: { holderIdentity: 'me', leaseDurationSeconds: 15 } },
    fields: [
      field('spec.holderIdentity', ['me', 'you'], [1]),
      field('spec.leaseDurationSeconds', [15, 30], ['x']),
      field('spec.renewTime', ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:05Z'], ['noon']),
      field('spec.leaseTransitions', [0, 1]),
      field('spec.foo', [], [1]),
    ],
  },
} satisfies Record<string, Kind>;
