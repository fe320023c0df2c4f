/** The application of the demo: its manifests, its releases, and the objects that deliver them. */
import type { KubeObject } from '../../api/meta.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';

export const NAMESPACE = 'shop';
export const NAME = 'web';
const WINDOW = 'change-window';
export const BOARD = 'change-board';
/** Who approves at `BOARD`, by a kubeconfig of her own. */
export const APPROVER = 'ada';

const RBAC = 'rbac.authorization.k8s.io';

/** How long a release bakes. */
const BAKE_SECONDS = 5;

/** One act of the story, in order; each ends when the Rollout is at rest with `expected` on top of its history. */
export interface Release {
  readonly tag: string;
  /** Told before it is pushed. */
  readonly title: string;
  /** The version and bake status on top of the history when the act is over. */
  readonly expected: string;
  /** Scripted by the image itself: the sandbox's workloads read this annotation. */
  readonly outcome?: 'crash';
  /** What holds it, for some seconds: a gate that somebody opens, or one that waits for an approval. */
  readonly gate?: 'opened' | 'approved';
}

export const releases: readonly Release[] = [
  { tag: 'v1.0.0', title: 'A first release is pushed to the registry', expected: 'v1.0.0' },
  {
    tag: 'v1.1.0',
    title: 'The next one meets a closed gate',
    expected: 'v1.1.0',
    gate: 'opened',
  },
  { tag: 'v1.2.0', title: 'A bad release: its pods crash', expected: 'v1.1.0', outcome: 'crash' },
  {
    tag: 'v1.3.0',
    title: 'The fix, which somebody has to approve after that',
    expected: 'v1.3.0',
    gate: 'approved',
  },
];

/** How long a gate holds a release, in seconds: enough to read why. */
export const HELD_SECONDS = 3;

/** What history must say at the end, newest first; behind it who approved. */
export const expectedHistory: readonly string[] = [
  `v1.3.0 Succeeded Automatic ${APPROVER}`,
  'v1.1.0 Succeeded Rollback',
  'v1.2.0 Failed Automatic',
  'v1.1.0 Succeeded Automatic',
  'v1.0.0 Succeeded Automatic',
];

/** What a team pushes beside its image: plain manifests with one placeholder. */
export function manifests(image: string): Record<string, string> {
  return {
    'kustomization.yaml': 'resources:\n  - deployment.yaml\n  - service.yaml\n',
    'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${NAME}
spec:
  replicas: 3
  progressDeadlineSeconds: 4
  selector:
    matchLabels: { app: ${NAME} }
  template:
    metadata:
      labels: { app: ${NAME} }
    spec:
      containers:
        - name: ${NAME}
          image: ${image}:\${VERSION}
`,
    'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: ${NAME}
spec:
  selector: { app: ${NAME} }
  ports:
    - port: 80
`,
  };
}

/** Three Flux objects and two of Kuberik; beside them the namespace, and who may approve in it. */
export function objects(registry: string): readonly KubeObject[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: `approver-${APPROVER}`, namespace: NAMESPACE },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'kuberik-approver' },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: APPROVER }],
    },
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageRepository',
      metadata,
      spec: { image: `${registry}/shop/web`, interval: '1m', insecure: true },
    },
    {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata,
      spec: { imageRepositoryRef: { name: NAME }, policy: { semver: { range: '>=1.0.0' } } },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata,
      spec: { url: `oci://${registry}/shop/manifests`, interval: '1m', insecure: true, ref: { tag: 'latest' } },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { ...metadata, annotations: { 'rollout.kuberik.com/substitute.VERSION.from': NAME } },
      spec: {
        interval: '10m',
        retryInterval: '5s',
        timeout: '1m',
        path: './',
        prune: true,
        wait: true,
        targetNamespace: NAMESPACE,
        sourceRef: { kind: 'OCIRepository', name: NAME },
      },
    },
    {
      apiVersion: 'kuberik.com/v1alpha1',
      kind: 'HealthCheck',
      metadata: {
        ...metadata,
        labels: { app: NAME },
        annotations: { 'healthcheck.kuberik.com/kustomization': NAME },
      },
      spec: { class: 'kustomization' },
    },
    {
      apiVersion: 'kuberik.com/v1alpha1',
      kind: 'Rollout',
      metadata,
      spec: {
        releasesImagePolicy: { name: NAME },
        bakeTime: `${BAKE_SECONDS}s`,
        deployTimeout: '30s',
        healthCheckSelector: { matchLabels: { app: NAME } },
      },
    },
  ];
}

/** A gate that whoever may edit it opens and closes. */
export function changeWindow(passing: boolean): KubeObject {
  return gate(WINDOW, { passing });
}

/** A gate that an approval opens, for one version. */
export function changeBoard(): KubeObject {
  return gate(BOARD, { class: 'manual', approval: { required: 1 } });
}

function gate(name: string, fields: Readonly<Record<string, unknown>>): KubeObject {
  const { apiVersion, kind } = RolloutGate;
  const spec = { rolloutRef: { name: NAME }, ...fields };
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, spec };
}
