/** What Kustomizations apply is looked at, kind by kind: those of Kubernetes that have a health, and those of deliveries. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { resources } from '../../../src/api/resources.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { eventually } from '../../support/eventually.ts';
import {
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  rollout,
} from '../../support/objects.ts';
import { sharedCluster } from '../support/cluster.ts';
import { kubectlWith } from '../support/kubectl.ts';
import { controllerUser, readLedger } from './ledger.ts';
import { rightOf, shippedRights } from './rights.ts';

const cluster = sharedCluster();

interface Kind {
  readonly group: string;
  readonly version?: string;
  readonly kind: string;
  /** Of a whole cluster. */
  readonly global?: true;
}

/** By https://github.com/kubernetes-sigs/cli-utils and the kstatus rules of `src/kube/kstatus`. */
const ofKubernetes: readonly Kind[] = [
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({ group: 'apps', kind })),
  { group: 'batch', kind: 'Job' },
  ...['Service', 'Endpoints', 'Pod', 'PersistentVolumeClaim', 'ResourceQuota'].map((kind) => ({ group: '', kind })),
  ...['Namespace', 'PersistentVolume'].map((kind): Kind => ({ group: '', kind, global: true })),
  { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
  { group: 'networking.k8s.io', kind: 'Ingress' },
  ...[
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
  ].map((kind): Kind => ({ group: 'admissionregistration.k8s.io', kind, global: true })),
  { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', global: true },
  { group: 'apiregistration.k8s.io', kind: 'APIService', global: true },
];

/** Kinds of controllers that people run beside this one. Those that are not installed here are defined for the test. */
const ofDeliveries: readonly Kind[] = [
  { group: 'helm.toolkit.fluxcd.io', version: 'v2', kind: 'HelmRelease' },
  ...['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation'].map((kind) => ({
    group: 'image.toolkit.fluxcd.io',
    kind,
  })),
  { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization' },
  { group: 'notification.toolkit.fluxcd.io', kind: 'Receiver' },
  ...['Alert', 'Provider'].map((kind) => ({ group: 'notification.toolkit.fluxcd.io', version: 'v1beta3', kind })),
  ...['Bucket', 'GitRepository', 'HelmChart', 'HelmRepository', 'OCIRepository'].map((kind) => ({
    group: 'source.toolkit.fluxcd.io',
    kind,
  })),
  { group: 'rollouts.kruise.io', version: 'v1beta1', kind: 'Rollout' },
];

/** Ours, but those that controllers have no hand in. */
const ours: readonly Kind[] = resources
  .filter(({ kind }) => kind !== 'Approval' && kind !== 'Freeze')
  .map(({ kind, namespaced, options: { group, version } }): Kind => {
    return { group, version, kind, ...(namespaced ? {} : { global: true }) };
  });

const plural = (kind: string): string =>
  kind === 'Endpoints' ? 'endpoints' : kind.toLowerCase().replace(/s$/, 'se').replace(/y$/, 'ie').concat('s');

const kinds = [...ofKubernetes, ...ofDeliveries, ...ours];
const addresses = kinds.map(({ group, kind }) => `${plural(kind)}${group === '' ? '' : `.${group}`}`);

/** The least that lets one be listed. */
function definition({ group, version = 'v1', kind }: Kind): object {
  const names = { kind, plural: plural(kind), singular: kind.toLowerCase() };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${group}` },
    spec: { group, names, scope: 'Namespaced', versions: [{ name: version, served: true, storage: true, schema }] },
  };
}

async function defineMissing(): Promise<void> {
  const { connection, client } = cluster();
  for (const kind of ofDeliveries) {
    const text = JSON.stringify(definition(kind));
    // What is there stays as it is.
    await kubectlWith(connection, text, 'create', '-f', '-').catch((error: unknown) => {
      if (!String(error).includes('already exists')) throw error;
    });
  }
  expect(client).toBeDefined();
}

test('every kind that has a health can be looked at, and no role names another', async () => {
  await defineMissing();
  const space = await cluster().space('inventory');
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    // Flux leaves it alone: what it would have applied is written into its status.
    kustomization('app', { suspend: true }, fills('app')),
    healthCheck('app'),
    rollout('app', judgedBy('app')),
  );
  const entries = kinds.map(({ group, version = 'v1', kind, global }) => {
    return { id: `${global ? '' : space.namespace}_absent_${group}_${kind}`, v: version };
  });
  const body = { status: { inventory: { entries } } };
  const key = { namespace: space.namespace, name: 'app' };
  await space.client.patch(Kustomization, key, { type: 'merge', body }, { subresource: 'status' });
  const wanted = addresses.flatMap((address) => ['list', 'watch'].map((verb) => `${verb} ${address}`));
  await eventually(async () => {
    const events = readLedger('shared').flatMap((volume) => volume.events);
    const used = new Set(events.filter(({ user }) => user.username === controllerUser).map(rightOf));
    const { message } = (await space.get(HealthCheck)).status ?? {};
    expect(
      wanted.filter((right) => !used.has(right)),
      message,
    ).toEqual([]);
  });
  expect([...(shippedRights['kuberik-inventory'] ?? [])].sort()).toEqual([...new Set(wanted)].sort());
});
