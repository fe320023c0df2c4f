/** The objects of a small application, as a team would write them. The namespace is filled in by `Space.put`. */
import type { KubeObject } from '../../src/api/meta.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const imageApi = 'image.toolkit.fluxcd.io/v1';

export function object(apiVersion: string, kind: string, name: string, spec: Fields, more: Metadata = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, ...more }, spec };
}

export function imageRepository(name: string, image: string, apiVersion = imageApi): KubeObject {
  return object(apiVersion, 'ImageRepository', name, { image, interval: '10m', insecure: true });
}

export function imagePolicy(name: string, spec: Fields = {}, apiVersion = imageApi): KubeObject {
  const rules = { imageRepositoryRef: { name }, policy: { semver: { range: '>=1.0.0' } } };
  return object(apiVersion, 'ImagePolicy', name, { ...rules, ...spec });
}

export function ociRepository(name: string, url: string, spec: Fields = {}, more: Metadata = {}): KubeObject {
  const source = { url: `oci://${url}`, interval: '10m', insecure: true, ref: { tag: 'latest' } };
  return object('source.toolkit.fluxcd.io/v1', 'OCIRepository', name, { ...source, ...spec }, more);
}

/** On the real control plane: the shard of Flux where a new revision ends the health check of the one before it. */
const cancelling = { 'sharding.fluxcd.io/key': 'cancelling' };

export function kustomization(name: string, spec: Fields = {}, annotations: Metadata['annotations'] = {}): KubeObject {
  const fields = {
    interval: '10m',
    retryInterval: '2s',
    timeout: '1m',
    path: './',
    prune: true,
    wait: true,
    sourceRef: { kind: 'OCIRepository', name },
    ...spec,
  };
  return object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, fields, { annotations, labels: cancelling });
}

/** The annotation by which a Kustomization hands a variable to a Rollout. */
export function fills(rollout: string, variable = 'VERSION'): Record<string, string> {
  return { [`rollout.kuberik.com/substitute.${variable}.from`]: rollout };
}

/** Of class `kustomization`, for a Kustomization of the same name. */
export function healthCheck(name: string): KubeObject {
  const annotations = { 'healthcheck.kuberik.com/kustomization': name };
  return object('kuberik.com/v1alpha1', 'HealthCheck', name, { class: 'kustomization' }, selected(name, annotations));
}

/** Of a class that nobody here judges: the test writes its status. */
export function foreignCheck(name: string, labels: Metadata['labels'] = { app: name }): KubeObject {
  return object('kuberik.com/v1alpha1', 'HealthCheck', name, { class: 'somebody-elses' }, { labels });
}

/** Of class `job`. Its Job passes, but for versions that end with `.666`, on the sandbox and on kwok alike. */
export function jobCheck(
  name: string,
  { spec = {}, annotations = {}, historyLimit }: JobOptions = {},
  more: Fields = {},
): KubeObject {
  const env = [{ name: 'KUBERIK_REVISION', value: 'mine' }];
  const told = {
    'sandbox.kuberik.com/crash-versions': '[.]666$',
    'sandbox.kuberik.com/log': 'checking the version\nassertion failed: 3 of 7 requests were answered 500\n',
    ...annotations,
  };
  const pods = { metadata: { annotations: told }, spec: { containers: [{ name, image: 'example.com/smoke:1', env }] } };
  const template = { metadata: { labels: { team: 'payments' } }, spec: { template: pods, ...spec } };
  const job = { template, ...(historyLimit !== undefined && { historyLimit }) };
  return object('kuberik.com/v1alpha1', 'HealthCheck', name, { class: 'job', job, ...more }, { labels: { app: name } });
}

/** Of Datadog's operator. */
export function datadogMonitor(name: string, more: Metadata = {}): KubeObject {
  const spec = { name, type: 'metric alert', query: 'avg(last_5m):avg:errors{*} > 1', message: 'too many errors' };
  return object('datadoghq.com/v1alpha1', 'DatadogMonitor', name, spec, more);
}

interface JobOptions {
  /** Of the Job. */
  readonly spec?: Fields;
  /** Of its pods. */
  readonly annotations?: Metadata['annotations'];
  readonly historyLimit?: number;
}

function selected(name: string, annotations: Metadata['annotations']): Metadata {
  return { labels: { app: name }, ...(annotations && { annotations }) };
}

export function rollout(name: string, spec: Fields = {}): KubeObject {
  return object('kuberik.com/v1alpha1', 'Rollout', name, { releasesImagePolicy: { name }, ...spec });
}

/** What makes a Rollout judge itself by the checks with its name. */
export function judgedBy(name: string): Fields {
  return { bakeTime: '1s', healthCheckSelector: { matchLabels: { app: name } } };
}

export function gate(name: string, rolloutName: string, spec: Fields): KubeObject {
  return object('kuberik.com/v1alpha1', 'RolloutGate', name, { rolloutRef: { name: rolloutName }, ...spec });
}

/** Manifests that are healthy as soon as they are there. */
export function configManifests(variables: readonly string[] = ['VERSION']): Record<string, string> {
  const data = variables.map((variable) => `  ${variable}: "\${${variable}}"\n`).join('');
  return { 'config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n${data}` };
}

/** Manifests that run the image, so that the image decides how it goes. @param deadline seconds until a crash counts; a busy machine must not run into it without one */
export function deploymentManifests(image: string, deadline = 4): Record<string, string> {
  return {
    'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: 1
  progressDeadlineSeconds: ${deadline}
  selector:
    matchLabels: { app: app }
  template:
    metadata:
      labels: { app: app }
    spec:
      containers:
        - name: app
          image: ${image}:\${VERSION}
`,
  };
}
